using System.Runtime.InteropServices;

namespace OnnxViz;

/// <summary>What lies at a path, links followed.</summary>
internal enum PathKind
{
    Nothing,
    File,
    Folder,
    Pipe,
    Device,
    Socket,
}

/// <summary>What the system says of a path without opening it: opening a pipe may wait for ever, reading a device never ends.</summary>
/// <param name="Kind">What lies there.</param>
/// <param name="Identity">Equal for paths of one file, whether by links or by hard links; null where nothing lies there.</param>
internal readonly unsafe partial record struct FileStatus(PathKind Kind, string? Identity)
{
    private const uint KindMask = 0xf000;

    /// <exception cref="OnnxVizException">A link to itself.</exception>
    public static FileStatus Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0')) return default;
        if (!OperatingSystem.IsLinux()) return Elsewhere(path);
        const int WorkingFolder = -100; // AT_FDCWD
        return TryStat(WorkingFolder, path, 0, out var status)
            ? new(KindOf(status.Mode & KindMask), $"{status.DeviceMajor}:{status.DeviceMinor} {status.Inode}")
            : default;
    }

    /// <summary>Refuses what has no end or is no file, before it is opened.</summary>
    /// <param name="path">A file to be read; where nothing lies there, opening it will say so.</param>
    /// <exception cref="OnnxVizException">A folder, pipe, device or socket.</exception>
    public static void RequireFile(string path)
    {
        if (Of(path).Kind is var kind and not (PathKind.File or PathKind.Nothing)) throw OnnxVizException.Input($"{path} is {Text(kind)}, not a file.");
    }

    /// <summary>"a folder", "a pipe".</summary>
    public static string Text(PathKind kind) => kind switch
    {
        PathKind.Nothing => "not there",
        PathKind.File => "a file",
        PathKind.Folder => "a folder",
        PathKind.Pipe => "a pipe",
        PathKind.Socket => "a socket",
        _ => "a device",
    };

    /// <summary>statx(2).</summary>
    /// <returns>False where the system does not tell.</returns>
    internal static bool TryStat(int folder, string path, int flags, out LinuxStatus status)
    {
        const uint Basic = 0x7ff; // STATX_BASIC_STATS
        fixed (LinuxStatus* place = &status)
        {
            try
            {
                return Statx(folder, path, flags, Basic, place) == 0 && (place->Mask & Basic) == Basic;
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                // A C library from before 2018.
                return false;
            }
        }
    }

    private static PathKind KindOf(uint mode) => mode switch
    {
        0x8000 => PathKind.File,
        0x4000 => PathKind.Folder,
        0x1000 => PathKind.Pipe,
        0xc000 => PathKind.Socket,
        _ => PathKind.Device,
    };

    private static FileStatus Elsewhere(string path)
    {
        var real = RealPath.Of(path);
        var kind = Directory.Exists(real) ? PathKind.Folder : File.Exists(real) ? PathKind.File : PathKind.Nothing;
        return kind == PathKind.Nothing ? default : new(kind, OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? real.ToUpperInvariant() : real);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, LinuxStatus* status);
}

/// <summary>struct statx of linux/stat.h, which is the same on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LinuxStatus
{
    [FieldOffset(0)] public uint Mask;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(96)] public long ChangedSeconds;
    [FieldOffset(104)] public uint ChangedNanoseconds;
    [FieldOffset(112)] public long WrittenSeconds;
    [FieldOffset(120)] public uint WrittenNanoseconds;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;
}
