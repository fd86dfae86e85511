using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OnnxViz.Runtime;
using OnnxViz.Runtime.Native;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>
/// Libraries older than the C# API. None is restored with the packages, so their tables are shown on the library that is:
/// .ci/install-check runs real ones, where npm serves them.
/// </summary>
public sealed unsafe partial class OlderOrtTests
{
    /// <summary>A new C# API asks for a new table: a row of <see cref="OlderOrt.Functions"/> for each version before it, counted in the package's header.</summary>
    [Fact]
    public void Tables_are_known_up_to_the_version_of_the_packages()
    {
        var packages = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        Assert.Equal($"{OlderOrt.Whole}", OrtVersion().Match(packages).Groups[1].Value);
        var counts = Enumerable.Range(17, OlderOrt.Whole - 16).Select(OlderOrt.Functions).ToList();
        Assert.DoesNotContain(0, counts);
        Assert.Equal(counts.Order(), counts);
        Assert.Equal((0, 0), (OlderOrt.Functions(16), OlderOrt.Functions(OlderOrt.Whole + 1)));
    }

    [Fact]
    public void The_copy_is_longer_than_what_the_api_reads_and_asks_for_compiling_in_its_place()
    {
        var fields = typeof(OrtEnv).Assembly.GetType("Microsoft.ML.OnnxRuntime.OrtApi")!.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Assert.InRange(fields.Length, OlderOrt.Functions(30), OlderOrt.Functions(OlderOrt.Whole));
        Assert.True(fields.Length < OlderOrt.Longest);
        Assert.Equal("GetCompileApi", fields[OlderOrt.GetCompileApi].Name);
    }

    /// <summary>The library's own functions up to its end, and an error that says so behind it.</summary>
    [Fact]
    public void A_lengthened_table_answers_for_functions_that_it_has_not()
    {
        var library = NativeLibrary.Load(OrtLibrary.Describe().Path!);
        var real = ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        var table = (nint*)((delegate* unmanaged<uint, nint>)real[0])(20);
        // In place of the library's, of which others in this process think that it is as it was.
        var own = stackalloc nint[2] { real[0], real[1] };
        Assert.True(OlderOrt.Lengthen(own, 20, "1.20.1"));

        var longer = (nint*)((delegate* unmanaged<uint, nint>)own[0])(OlderOrt.Whole);
        Assert.Equal(new Span<nint>(table, 285).ToArray(), new Span<nint>(longer, 285).ToArray());
        var status = ((delegate* unmanaged<nint>)longer[285])();
        Assert.Equal("ONNX Runtime 1.20.1 does not have this function.", Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)longer[2])(status)));
        Assert.Equal(9, ((delegate* unmanaged<nint, int>)longer[1])(status));
        var compile = (nint*)((delegate* unmanaged<nint>)longer[OlderOrt.GetCompileApi])();
        Assert.Equal(longer[285], compile[0]);
        Assert.False(OlderOrt.Lengthen(own, 16, "1.16.3"));
    }

    [GeneratedRegex(@"<OrtVersion>1\.(\d+)\.")]
    private static partial Regex OrtVersion();
}
