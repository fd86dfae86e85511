using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace OnnxViz.Caching;

/// <summary>
/// What tells one content of a file from another without reading it: device, inode, size, and the times of the last write and of the
/// last change of any kind. The last one cannot be put back, so that a file that was written to never has an identity of before.
/// </summary>
internal static class FileIdentity
{
    /// <summary>Two writes within one tick of a file system's clock leave the same time, so what was written just now has no identity yet.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <returns>null where the system does not tell (only Linux is asked), and where the file was changed a moment ago.</returns>
    public static string? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
        LinuxStatus status;
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            if (!FileStatus.TryStat((int)file.DangerousGetHandle(), "", OfTheHandle, out status)) return null;
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
}
