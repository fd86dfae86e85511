using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.ML.OnnxRuntime;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Runtime.Native;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public sealed partial class OrtLibraryTests : IDisposable
{
    // y = Relu(x), float[3], opset 13, written out byte by byte: these tests stand below all of our own code.
    private static readonly byte[] ReluModel =
    [
        0x08, 0x08, 0x3a, 0x33,
        0x0a, 0x0c, 0x0a, 0x01, (byte)'x', 0x12, 0x01, (byte)'y', 0x22, 0x04, (byte)'R', (byte)'e', (byte)'l', (byte)'u',
        0x12, 0x01, (byte)'g',
        0x5a, 0x0f, 0x0a, 0x01, (byte)'x', 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x03,
        0x62, 0x0f, 0x0a, 0x01, (byte)'y', 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x03,
        0x42, 0x02, 0x10, 0x0d,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("onnxviz-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows keeps a loaded library.
        }
    }

    [Fact]
    public void The_native_library_loads_and_runs_a_model()
    {
        OrtLibrary.Start();
        using var session = new InferenceSession(ReluModel);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[] { -1, 0, 2 }, [3]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [x], ["y"]);
        Assert.Equal([0f, 0f, 2f], results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void Describe_names_the_library_in_use()
    {
        var report = OrtLibrary.Describe();
        Assert.True(Version.Parse(report.Version) >= new Version(1, 24));
        Assert.True(File.Exists(report.Path), report.Path);
        Assert.Contains("CPUExecutionProvider", report.Providers);
    }

    [SkippableFact]
    public void Without_a_gpu_the_report_says_what_cuda_lacks()
    {
        var cuda = OrtLibrary.Describe().Cuda;
        Skip.If(cuda.Works, "CUDA works here.");
        Skip.If(OperatingSystem.IsMacOS(), "There is no CUDA for macOS.");
        Assert.DoesNotContain('\n', cuda.Error!);
        Assert.NotEmpty(cuda.Missing);
    }

    [Fact]
    public void Telemetry_is_off_where_native_code_looks() =>
        Assert.Equal("1", OperatingSystem.IsWindows()
            ? Environment.GetEnvironmentVariable("ORT_DISABLE_TELEMETRY")
            : Marshal.PtrToStringUTF8(GetNativeVariable("ORT_DISABLE_TELEMETRY")));

    [Fact]
    public void It_is_too_late_to_choose_once_the_library_runs()
    {
        OrtLibrary.Start();
        Assert.Throws<InvalidOperationException>(() => OrtLibrary.Use(_folder));
    }

    [Fact]
    public void The_users_own_library_is_the_one_that_runs()
    {
        var bundled = OrtLibrary.Describe().Path!;
        var own = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "lib")).FullName, Path.GetFileName(bundled));
        File.Copy(bundled, own);

        // Own copies of the assemblies, with own statics: in this process's first ones the choice is made already.
        var context = new AssemblyLoadContext("own library");
        var beside = Path.GetDirectoryName(typeof(OrtLibrary).Assembly.Location)!;
        context.Resolving += (_, name) => File.Exists(Path.Combine(beside, name.Name + ".dll"))
            ? context.LoadFromAssemblyPath(Path.Combine(beside, name.Name + ".dll"))
            : null;
        var library = context.LoadFromAssemblyPath(typeof(OrtLibrary).Assembly.Location).GetType(typeof(OrtLibrary).FullName!)!;
        context.LoadFromAssemblyPath(typeof(OrtEnv).Assembly.Location);

        library.GetMethod(nameof(OrtLibrary.Use))!.Invoke(null, [_folder]);
        var report = library.GetMethod(nameof(OrtLibrary.Describe))!.Invoke(null, null)!;
        Assert.Equal(own, report.GetType().GetProperty(nameof(OrtReport.Path))!.GetValue(report));
        if (OperatingSystem.IsLinux())
            Assert.Contains(own, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void A_path_that_is_not_there_is_named() => Refuses(Path.Combine(_folder, "none.so"), "none.so");

    [Fact]
    public void A_folder_without_a_library_is_named() => Refuses(_folder, _folder);

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        var file = Path.Combine(_folder, "libonnxruntime.so");
        File.WriteAllText(file, "no library");
        Refuses(file, "does not load");
    }

    [Fact]
    public void Another_native_library_is_refused()
    {
        var name = OperatingSystem.IsWindows() ? "clrjit.dll" : OperatingSystem.IsMacOS() ? "libSystem.Native.dylib" : "libSystem.Native.so";
        Refuses(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name), "OrtGetApiBase");
    }

    [Theory]
    [InlineData("1.16.3", "too old")]
    [InlineData("0.9.0", "too old")]
    [InlineData("unknown", "no version")]
    public void A_library_that_the_api_cannot_use_is_refused(string version, string because)
    {
        var error = Assert.Throws<OnnxVizException>(() => NativeOrt.Check(version, "libonnxruntime.so"));
        Assert.Contains(because, error.Message);
        Assert.Contains(version, error.Message);
    }

    [Theory]
    [InlineData("1.17.0")]
    [InlineData("1.24.0-dev.20260114")]
    [InlineData("1.29.0")]
    [InlineData("2.0.0")]
    public void A_newer_library_is_taken(string version) => Assert.True(NativeOrt.Check(version, "libonnxruntime.so") >= new Version(1, 17));

    private static void Refuses(string path, string because)
    {
        var error = Assert.Throws<OnnxVizException>(() => NativeOrt.Load(path));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains(because, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetNativeVariable(string name);
}
