using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OnnxViz.Caching;

/// <summary>
/// What tells one content of a file from another without reading it: device, inode, size, and the times of the last write and of the
/// last change of any kind. The last one cannot be put back, so that a file that was written to never has an identity of before.
/// </summary>
internal static unsafe partial class FileIdentity
{
    /// <summary>Two writes within one tick of a file system's clock leave the same time, so what was written just now has no identity yet.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <returns>null where the system does not tell (only Linux is asked), and where the file was changed a moment ago.</returns>
    public static string? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
        const uint Basic = 0x7ff; // STATX_BASIC_STATS
        Status status;
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            if (Statx((int)file.DangerousGetHandle(), "", OfTheHandle, Basic, &status) != 0 || (status.Mask & Basic) != Basic) return null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }
        finally
        {
            if (added) file.DangerousRelease();
        }

        var changed = DateTimeOffset.FromUnixTimeSeconds(status.ChangedSeconds).AddTicks(status.ChangedNanoseconds / 100);
        if (DateTimeOffset.UtcNow - changed < Settled) return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{status.DeviceMajor}:{status.DeviceMinor} {status.Inode} {status.Size} {status.WrittenSeconds}.{status.WrittenNanoseconds:d9} {status.ChangedSeconds}.{status.ChangedNanoseconds:d9}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Status* status);

    /// <summary>struct statx of linux/stat.h, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(0)] public uint Mask;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long WrittenSeconds;
        [FieldOffset(120)] public uint WrittenNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
