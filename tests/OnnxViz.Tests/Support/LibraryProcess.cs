using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using OnnxViz.Caching;
using OnnxViz.Cli;
using OnnxViz.Models;
using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>A process that does nothing but use the library, or the program, and lists its environment before and after.</summary>
internal static partial class LibraryProcess
{
    /// <summary>First argument of such a process: without one this is no program, but tests.</summary>
    public const string Library = "use-the-library", TheProgram = "use-the-program", WithoutCatalogue = "without-catalogue", Cache = "use-the-cache";

    /// <summary>The line between what the environment was before and what it is after.</summary>
    public const string Line = "--- then ---";

    public static bool IsThis => Environment.GetCommandLineArgs() is [_, Library or TheProgram or WithoutCatalogue or Cache, ..];

    [SuppressMessage("Usage", "xUnit1013", Justification = "No test.")]
    public static int Main(string[] args)
    {
        if (!IsThis) return 1;
        if (args[0] == WithoutCatalogue)
        {
            Console.WriteLine($"{Predicted(args[1], args[2])}; {Assert.Throws<OnnxVizException>(() => VisionModel.Open("net")).Message}");
            return 0;
        }

        if (args is [Cache, var folder, var read, var write])
        {
            var cache = new CacheFolder(folder);
            Console.WriteLine(Encoding.UTF8.GetString(cache.Read("hash", read)!));
            cache.Write("hash", write, "from there"u8);
            return 0;
        }

        List();
        if (args[0] == Library) _ = Predicted(args[1], args[2]);
        else if (Program.Main(args[1..]) != 0) return 1;
        Console.WriteLine(Line);
        List();
        return 0;
    }

    private static string Predicted(string file, string picture)
    {
        using var model = VisionModel.Open(file);
        var best = model.Predict(picture, 1)[0];
        return $"{best.Class} {best.Name ?? "unnamed"}";
    }

    /// <summary>What native code finds, of which .NET has a copy of its own, and that copy.</summary>
    private static void List()
    {
        Console.Out.Flush();
        if (Shell("env") != 0) throw new InvalidOperationException("env does not run.");
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()) Console.WriteLine($"managed {variable.Key}={variable.Value}");
        Console.Out.Flush();
    }

    [LibraryImport("libc", EntryPoint = "system", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Shell(string command);
}
