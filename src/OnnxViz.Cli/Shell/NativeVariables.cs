using System.Runtime.InteropServices;

namespace OnnxViz.Cli.Shell;

/// <summary>Environment variables for the native libraries of this process.</summary>
internal static partial class NativeVariables
{
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        // On Unix .NET keeps the variables for itself, where getenv does not see them.
        if (!OperatingSystem.IsWindows())
            _ = SetNative(name, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
