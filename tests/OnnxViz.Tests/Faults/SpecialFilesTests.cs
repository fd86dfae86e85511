using System.Net.Sockets;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Pipes that nobody writes to, devices without an end, sockets and folders: in place of any file that is read or written.</summary>
public sealed class SpecialFilesTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Commands
    {
        get
        {
            var commands = new TheoryData<string, string>();
            foreach (var kind in new[] { "pipe", "device", "socket", "folder", "link to a pipe", "link to a device" })
            {
                foreach (var command in new[]
                         {
                             "predict -m MODEL -i IN", "predict -m IN -i CAT", "summary IN", "doctor IN", "predict -m MODEL --input-tensor IN", "predict -m MODEL -i CAT --labels-file IN",
                             "predict -m MODEL -i CAT --input x=IN", "compare IN CAT", "compare CAT IN", "maximize -m MODEL --layer second --unit 0 --steps 1 --init IN -o x.png",
                             "saliency -m MODEL -i CAT --class 1 --method integrated-gradients --baseline IN -o x.png", "predict -m FOLDER -i CAT", "predict -m MODEL -i PICTURES",
                             "top PICTURES -m MODEL --layer first --unit 0 --no-maximize -o x.png",
                         }) commands.Add(kind, command);
            }

            return commands;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public void Is_refused_as_an_input(string kind, string command)
    {
        using var socket = Make(kind, _folder[command.Contains("FOLDER", StringComparison.Ordinal) ? "prepared/model.json" : command.Contains("PICTURES", StringComparison.Ordinal) ? "pictures/a.png" : "in"]);
        var run = Run(command);
        // A baseline that is a folder, and a start that is none, are wrong by their names.
        Assert.True(run.Exit is 3 or 2, $"Exit code {run.Exit}: {run.Error}");
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("pipe")]
    [InlineData("device")]
    [InlineData("socket")]
    [InlineData("link to a device")]
    public void Is_not_replaced_by_a_result(string kind)
    {
        foreach (var (file, command) in new[]
                 {
                     ("out.png", "saliency -m MODEL -i CAT --class 1 -o OUT"), ("out.npy", "predict -m MODEL -i CAT --raw OUT"), ("o.png", "compare CAT CAT -o OUT"),
                     ("out", "prepare MODEL -o OUT"), ("a.png", "maximize -m MODEL --layer second --unit 0 --steps 1000000 --size 32 -o x.png --animate OUT"),
                 })
        {
            using var socket = Make(kind, _folder[file]);
            var before = FileStatus.Of(_folder[file]);
            var run = Run(command.Replace("OUT", _folder[file], StringComparison.Ordinal));
            Assert.True(run.Exit == 2, $"{command}: exit code {run.Exit}: {run.Error}");
            Assert.Equal(before, FileStatus.Of(_folder[file]));
        }
    }

    /// <summary>What lies beside a model and is no file is not there.</summary>
    [SkippableTheory]
    [InlineData("pipe")]
    [InlineData("device")]
    public void Beside_a_model_is_passed_over(string kind)
    {
        foreach (var name in new[] { "labels.txt", "net.labels.txt", "config.json", "preprocessor_config.json", "models.json" }) Make(kind, _folder[name])?.Dispose();
        Assert.Equal(0, Run("predict -m MODEL -i CAT").Exit);
    }

    [Fact]
    public void What_is_said_of_a_file_names_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no devices among its files.");
        var error = Assert.Throws<OnnxVizException>(() => NpyFile.Load("/dev/zero"));
        Assert.Equal("/dev/zero is a device, not a file.", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private CliRun Run(string command)
    {
        var model = SmallClassifier.Save(_folder["net.onnx"], 1, -1, 3, 32, 32);
        var run = Task.Run(() => CliRun.Of([.. command.Split(' ').Select(w => w switch
        {
            "MODEL" => model, "CAT" => Repository.Carried("images/chelsea.png"), "IN" => _folder["in"], "x=IN" => $"x={_folder["in"]}",
            "FOLDER" => _folder["prepared"], "PICTURES" => _folder["pictures"], "x.png" => _folder["x.png"], _ => w,
        })]));
        Assert.True(run.Wait(Longest), $"{command} waits for ever.");
        return run.Result;
    }

    private static IDisposable? Make(string kind, string path)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux is asked what a file is.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "pipe":
                Shell.Run("mkfifo", path);
                break;
            case "device":
            case "link to a device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "link to a pipe":
                Shell.Run("mkfifo", $"{path}.pipe");
                File.CreateSymbolicLink(path, $"{path}.pipe");
                break;
            default:
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(path));
                return socket;
        }

        return null;
    }
}
