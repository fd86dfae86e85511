using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests;

/// <summary>Who may know whom: Cli -> Visualize -> Autodiff, Runtime, Imaging; Visualize, Autodiff, Runtime -> Graphs.</summary>
public class LayeringTests
{
    private const int LongestFile = 300;

    /// <summary>The only files that read or write ONNX's messages.</summary>
    private static readonly string[] Protobuf =
    [
        "AttributeReader", "ExternalData", "FileOutline", "FunctionInlining", "GraphReader", "GraphWriter", "ModelWriter", "OnnxFile", "TensorReader",
    ];

    private static readonly Type[] Library = typeof(OnnxVizException).Assembly.GetTypes();

    private static readonly Type[] Program = typeof(global::OnnxViz.Cli.Program).Assembly.GetTypes();

    [Theory]
    [InlineData("Graphs", "")]
    [InlineData("Imaging", "")]
    [InlineData("Autodiff", "Graphs")]
    [InlineData("Runtime", "Graphs OnnxRuntime")]
    [InlineData("Visualize", "Autodiff Graphs Imaging Runtime")]
    public void A_part_knows_only_the_parts_below_it(string part, string known)
    {
        var used = Library.Where(t => PartOf(t) == part).SelectMany(Uses).Where(u => u.Part is not null && u.Part != part).ToArray();
        Assert.True(
            used.Select(u => u.Part).Distinct().Order().SequenceEqual(known.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            $"{part} should know {(known.Length > 0 ? known : "nothing")}, but {string.Join("; ", used.Select(u => $"{u.By} uses {u.Part}").Distinct())}.");
    }

    [Fact]
    public void Every_type_of_the_library_belongs_to_a_part()
    {
        string[] parts = ["Autodiff", "Graphs", "Imaging", "Runtime", "Visualize"];
        var outside = Library.Where(t => t.Namespace?.StartsWith("OnnxViz", StringComparison.Ordinal) == true && !parts.Contains(PartOf(t)));
        Assert.Equal(["Fault", "OnnxVizException"], outside.Where(t => !t.IsNested).Select(t => t.Name).Order());
    }

    [Fact]
    public void The_program_knows_nothing_of_ONNX_Runtime_and_the_library_nothing_of_the_program()
    {
        Assert.DoesNotContain(Program.SelectMany(Uses), u => u.Part == "OnnxRuntime");
        Assert.Contains(Program.SelectMany(Uses), u => u.Part == "Visualize");
        Assert.DoesNotContain(Library.SelectMany(Uses), u => u.Part == "Cli");
    }

    [Fact]
    public void Only_the_program_prints()
    {
        var printing = Library.Where(t => TypeUses.Of(t).Any(Prints)).Select(t => t.FullName);
        Assert.Empty(printing);
        Assert.Contains(Program, t => TypeUses.Of(t).Any(Prints));

        static bool Prints(Type t) => t.FullName == "System.Console" || t.Namespace?.StartsWith("Spectre.Console", StringComparison.Ordinal) == true;
    }

    [Fact]
    public void Protobuf_stops_at_the_readers_and_writers()
    {
        var users = Library.Where(t => !IsMessage(t) && TypeUses.Of(t).Any(IsMessage)).Select(Outermost).Select(t => t.Name).Distinct().Order();
        Assert.Equal(Protobuf, users);

        static bool IsMessage(Type t) => t.Namespace == "OnnxViz.Onnx.Proto" || t.Namespace?.StartsWith("Google.Protobuf", StringComparison.Ordinal) == true;
    }

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        var files = new[] { "src", "tests", "tools", "bench" }
            .Select(folder => Path.Combine(Repository.Root, folder))
            .Where(Directory.Exists)
            .SelectMany(SourceFiles)
            .ToArray();
        var tooLong = files.Select(f => (File: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > LongestFile);
        Assert.True(files.Length > 100, "The sources were not found.");
        Assert.Empty(tooLong);
    }

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".cs" or ".py")
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(d => Path.GetFileName(d) is not ("bin" or "obj") && !Path.GetFileName(d).StartsWith('.'))
                .SelectMany(SourceFiles));

    private static IEnumerable<(string By, string? Part)> Uses(Type type) => TypeUses.Of(type).Select(used => (Outermost(type).Name, PartOf(used)));

    /// <summary>The word after "OnnxViz.", or "OnnxRuntime"; null for everybody else's types.</summary>
    private static string? PartOf(Type type)
    {
        var words = (Outermost(type).Namespace ?? "").Split('.');
        return words switch
        {
            ["OnnxViz", var part, ..] => part,
            ["Microsoft", "ML", "OnnxRuntime", ..] => "OnnxRuntime",
            _ => null,
        };
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
