using System.Diagnostics;
using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>A disk of a few megabytes, in memory, where this process may mount one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly string _path;

    private TinyDisk(string path) => _path = path;

    /// <summary>Skips the test where it cannot be had.</summary>
    public static TinyDisk Mount(string path, int megabytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux has tmpfs.");
        Directory.CreateDirectory(path);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) == 0, "Nothing may be mounted here.");
        return new TinyDisk(path);
    }

    public void BecomeReadOnly() => Skip.IfNot(Run("mount", "-o", "remount,ro", _path) == 0, "Nothing may be mounted anew here.");

    public void Dispose() => Run("umount", _path);

    private static int Run(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
