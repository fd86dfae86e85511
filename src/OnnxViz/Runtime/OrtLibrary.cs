using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OnnxViz.Runtime.Native;

namespace OnnxViz.Runtime;

/// <summary>
/// Which native ONNX Runtime the process uses: the one beside the program, or the user's own. There is one per process and it
/// stays. Whoever makes an object of ONNX Runtime, a RunOptions even, calls <see cref="Start"/> first: the first one loads a library.
/// </summary>
public static partial class OrtLibrary
{
    /// <summary>Environment variable with the path of the user's own library; <see cref="Use"/> goes before it.</summary>
    public const string Variable = "ONNXVIZ_ORT_LIBRARY";

    private static readonly Lock Gate = new();
    private static NativeOrt? _chosen;
    private static OrtEnv? _environment;

    /// <summary>Makes the process use this native library.</summary>
    /// <param name="path">The file, or a folder that has it in itself or in its lib/ (as Microsoft's release archives do).</param>
    /// <exception cref="OnnxVizException">There is no such file, it does not load, is no ONNX Runtime or too old a one.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime is in use already.</exception>
    public static void Use(string path)
    {
        lock (Gate)
        {
            if (_environment is not null)
                throw new InvalidOperationException("The native library must be chosen before ONNX Runtime is used.");
            var native = NativeOrt.Load(path);
            if (_chosen is null)
                NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, _, _) => name == "onnxruntime" ? _chosen!.Handle : 0);
            _chosen = native;
        }
    }

    /// <summary>
    /// Loads ONNX Runtime if nothing has yet, without log lines: what it has to say comes as exceptions. Its telemetry is switched
    /// off, but for one report that it makes of the process while it starts: whoever wants none at all sets the environment
    /// variable ORT_DISABLE_TELEMETRY to 1 before, as the program does. A library leaves the environment alone.
    /// </summary>
    /// <exception cref="OnnxVizException">No native library that fits, or the one in <see cref="Variable"/> is at fault.</exception>
    internal static OrtEnv Start()
    {
        lock (Gate)
        {
            if (_environment is not null)
                return _environment;
            using var phase = Profiler.Phase("load ONNX Runtime");
            if (_chosen is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
                Use(path);
            try
            {
                var started = OrtEnv.IsCreated ? OrtEnv.Instance() : Create();
                started.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
                started.DisableTelemetryEvents();
                return _environment = started;
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException)
            {
                var beside = _chosen?.Path ?? NativeOrt.FindIn(AppContext.BaseDirectory);
                var problem = beside is null
                    ? $"There is no ONNX Runtime for {RuntimeInformation.RuntimeIdentifier} beside the program"
                    : $"'{beside}' does not load";
                throw OnnxVizException.Machine($"{problem}: name another in the environment variable {Variable}.", e, argument: nameof(OrtLibrary));
            }
        }
    }

    /// <summary>Version of the native library in use, such as 1.31.0. Asking loads it.</summary>
    /// <exception cref="OnnxVizException">As <see cref="Start"/>.</exception>
    public static string Version => Start().GetVersionString();

    /// <summary>What is loaded and what it can do, for people who wonder why something does not work.</summary>
    /// <exception cref="OnnxVizException">As <see cref="Start"/>.</exception>
    public static OrtReport Describe()
    {
        var ort = Start();
        var path = _chosen?.Path ?? FindLoaded();
        var providers = ort.GetAvailableProviders();
        return new OrtReport(ort.GetVersionString(), path, providers, CudaReport.Probe(path, providers));
    }

    /// <summary>Whether a model that is no file may leave its weights in files: session.model_external_initializers_file_folder_path came with 1.21.</summary>
    internal static bool FindsStoredWeights => _chosen is null || _chosen.Version >= new Version(1, 21);

    private static OrtEnv Create()
    {
        var options = new EnvironmentCreationOptions { logId = "onnxviz", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    }

    private static string? FindLoaded()
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
            if (LibraryName().IsMatch(module.ModuleName))
                return module.FileName;
        // macOS lists no modules; what lies beside the program is found before anything else.
        return NativeOrt.FindIn(AppContext.BaseDirectory);
    }

    [GeneratedRegex(@"^(lib)?onnxruntime(\.\d+)*\.(so|dll|dylib)(\.\d+)*$")]
    private static partial Regex LibraryName();
}
