using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OnnxViz.Runtime.Native;

/// <summary>
/// Lets the C# API run on a library that is older than itself: it asks for the table of functions of its own version, which the library
/// refuses, and reads all that it knows out of it, where behind the end of a shorter one lies anything. So the library is made to hand out
/// a longer copy of its table, in which functions that it does not have answer with an error, as ONNX Runtime's own do.
/// </summary>
internal static unsafe partial class OlderOrt
{
    /// <summary>Entries of the copy: more than any C# API reads.</summary>
    internal const int Longest = 1024;

    /// <summary>ORT_NOT_IMPLEMENTED of onnxruntime_c_api.h.</summary>
    private const int NotImplemented = 9;

    /// <summary>Place of GetCompileApi, which answers with another table of functions: those that compile models for a device ahead of time, which nothing here does.</summary>
    internal const int GetCompileApi = 294;

    private const int ReadWrite = 3;

    private static delegate* unmanaged<uint, nint> _getApi;
    private static nint* _table;
    private static nint* _compileTable;
    private static nint _message;

    /// <summary>The minor version of the C# API: what is as new holds all that it reads.</summary>
    internal const int Whole = 31;

    /// <summary>Functions of the table, counted by "\since" in onnxruntime_c_api.h.</summary>
    /// <param name="minor">Of the version 1.minor.</param>
    /// <returns>0 where the table is not known.</returns>
    internal static int Functions(int minor) => minor switch
    {
        17 => 276,
        18 or 19 => 280,
        20 or 21 => 285,
        22 => 318,
        23 => 390,
        24 => 415,
        25 or 26 => 419,
        27 => 422,
        28 => 424,
        29 => 425,
        30 => 426,
        Whole => 428,
        _ => 0,
    };

    /// <summary>Makes OrtGetApiBase()->GetApi of the library hand out the longer table.</summary>
    /// <param name="apiBase">struct OrtApiBase { GetApi; GetVersionString; }, in memory that the loader made read-only.</param>
    /// <param name="minor">Of the version 1.minor, whose table is known.</param>
    /// <param name="version">What the library says of itself.</param>
    /// <returns>False where the system does not let it.</returns>
    public static bool Lengthen(nint* apiBase, int minor, string version)
    {
        _getApi = (delegate* unmanaged<uint, nint>)apiBase[0];
        var known = Functions(minor) == 0 ? null : (nint*)_getApi((uint)minor);
        if (known is null || !MakeWritable(apiBase)) return false;

        _table = TableOfMissing();
        new Span<nint>(known, Functions(minor)).CopyTo(new Span<nint>(_table, Longest));
        _compileTable = TableOfMissing();
        _table[GetCompileApi] = (nint)(delegate* unmanaged[Cdecl]<nint>)&CompileApi;
        _message = Marshal.StringToCoTaskMemUTF8($"ONNX Runtime {version} does not have this function.");
        apiBase[0] = (nint)(delegate* unmanaged[Cdecl]<uint, nint>)&GetApi;
        return true;
    }

    private static nint* TableOfMissing()
    {
        var table = (nint*)NativeMemory.Alloc(Longest, (nuint)sizeof(nint));
        new Span<nint>(table, Longest).Fill((nint)(delegate* unmanaged[Cdecl]<nint>)&Missing);
        return table;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetApi(uint version) => version <= Whole ? (nint)_table : _getApi(version);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint CompileApi() => (nint)_compileTable;

    /// <summary>Any function that returns a status: who calls takes the arguments away again, on all the processors that there is a build for.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Missing() => ((delegate* unmanaged[Cdecl]<int, nint, nint>)_table[0])(NotImplemented, _message);

    private static bool MakeWritable(nint* place)
    {
        if (OperatingSystem.IsWindows()) return VirtualProtect((nint)place, 2 * (nuint)sizeof(nint), PageReadWrite, out _) != 0;
        // Two pointers may lie on both sides of a page's end.
        var page = (nint)Environment.SystemPageSize;
        var first = (nint)place / page * page;
        var end = (nint)(place + 2);
        return Protect(first, (nuint)(end - first), ReadWrite) == 0;
    }

    private const uint PageReadWrite = 4;

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualProtect")]
    private static partial int VirtualProtect(nint address, nuint length, uint protection, out uint before);
}
