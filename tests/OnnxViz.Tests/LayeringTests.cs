using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests;

/// <summary>Who may know whom, read from the compiled code: signatures, attributes, locals, every instruction.</summary>
public class LayeringTests
{
    private const int LongestFile = 300;

    /// <summary>Some twenty: a new file beyond this asks for a floor of its own.</summary>
    private const int LargestFolder = 23;

    private static readonly Type[] Library = typeof(OnnxVizException).Assembly.GetTypes();

    private static readonly Type[] Program = typeof(global::OnnxViz.Cli.Program).Assembly.GetTypes();

    private static readonly string[] Features = ["Check", "Coverage", "Deconv", "Detect", "Diff", "Doctor", "Evolve", "Features", "Invert", "Maximize", "Prepare", "Saliency", "Segment", "Top"];

    /// <summary>Every room of the library, and its floors, with the rooms that it knows. Exceptions, which lie in none, are known to all.</summary>
    private static readonly (string Room, string Known)[] Rooms =
    [
        ("Autodiff", "Autodiff.Rules Autodiff.Rules.Sampling Autodiff.Rules.Sliding Graphs Graphs.Emit Graphs.Folding Graphs.Recurrent"),
        ("Autodiff.Rules", "Graphs Graphs.Emit Graphs.Folding Graphs.Inference"),
        ("Autodiff.Rules.Sampling", "Autodiff.Rules Graphs Graphs.Emit"),
        ("Autodiff.Rules.Sliding", "Autodiff.Rules Graphs Graphs.Emit Graphs.Inference"),
        ("Caching", ""),
        ("Check", "Autodiff Autodiff.Rules Graphs Graphs.Emit Graphs.Naming Models Models.Batches Models.Inputs Runtime"),
        ("Coverage", "Autodiff Autodiff.Rules Graphs Graphs.Emit Graphs.Naming Graphs.Opsets Models"),
        ("Datasets", "Datasets.Records Graphs Imaging Imaging.Files"),
        ("Datasets.Records", "Graphs Imaging"),
        ("Deconv", "Autodiff Graphs Graphs.Emit Graphs.Naming Imaging Models Models.Batches Objectives Runtime"),
        ("Diff", "Graphs Graphs.Naming Models"),
        ("Doctor", "Autodiff Coverage Deconv Detect Features Graphs Graphs.Emit Graphs.Fields Graphs.Naming Models Models.Inputs Objectives Runtime Runtime.Memory Saliency Saliency.Methods"),
        ("Detect", "Graphs Graphs.Emit Graphs.Naming Models Models.Inputs Objectives Runtime"),
        ("Evolve", "Datasets Deconv Graphs Graphs.Naming Imaging Imaging.Files Maximize Models Optimize.Transforms Options Runs Runtime Shards Top Training.Loop"),
        ("Features", "Graphs Graphs.Emit Graphs.Fields Graphs.Naming Imaging Imaging.Resample Imaging.Sheets Models Objectives Runtime"),
        ("Graphs", "Caching"),
        ("Graphs.Batching", "Graphs Graphs.Emit Graphs.Opsets"),
        ("Graphs.Cuda", "Graphs Graphs.Inference"),
        ("Graphs.Emit", "Graphs Graphs.Folding Graphs.Inference"),
        ("Graphs.Fields", "Graphs Graphs.Inference"),
        ("Graphs.Folding", "Graphs"),
        ("Graphs.Inference", "Graphs Graphs.Folding"),
        ("Graphs.Naming", "Graphs"),
        ("Graphs.Opsets", "Graphs Graphs.Emit Graphs.Folding"),
        ("Graphs.Recurrent", "Graphs Graphs.Emit Graphs.Folding"),
        ("Imaging", ""),
        ("Imaging.Compare", "Imaging"),
        ("Imaging.Files", "Imaging"),
        ("Imaging.Resample", "Imaging"),
        ("Imaging.Segmentation", "Imaging"),
        ("Imaging.Sheets", "Imaging Imaging.Resample"),
        ("Invert", "Autodiff Graphs Graphs.Emit Graphs.Fields Graphs.Naming Imaging Models Models.Inputs Objectives Optimize Optimize.Parameterizations Optimize.Transforms Options Runtime"),
        ("Maximize", "Autodiff Graphs Graphs.Emit Graphs.Naming Imaging Imaging.Resample Models Models.Batches Objectives Optimize Optimize.Parameterizations Optimize.Transforms Options Runtime Runtime.Memory"),
        ("Models", "Graphs Graphs.Batching Graphs.Emit Graphs.Fields Graphs.Folding Graphs.Inference Graphs.Naming Graphs.Opsets Imaging Imaging.Files Imaging.Resample Models.Classes Models.Inputs Models.Metadata Onnx Options Runs Runtime Runtime.Memory"),
        ("Models.Batches", "Graphs Models Onnx Runtime"),
        ("Models.Classes", "Graphs"),
        ("Models.Inputs", "Graphs Graphs.Emit Imaging Imaging.Resample Imaging.Sheets"),
        ("Models.Metadata", "Graphs Imaging.Resample"),
        ("Objectives", "Autodiff Graphs Graphs.Emit Graphs.Naming Graphs.Opsets Models Runtime"),
        ("Onnx", "Graphs Graphs.Inference"),
        ("Optimize", "Graphs Graphs.Emit Runtime"),
        ("Optimize.Parameterizations", "Graphs Graphs.Emit Imaging Imaging.Files Imaging.Resample Models Models.Inputs Onnx Options"),
        ("Optimize.Transforms", "Graphs Graphs.Emit Options Runtime"),
        ("Options", "Graphs.Naming"),
        ("Prepare", "Autodiff Graphs Graphs.Emit Graphs.Naming Graphs.Opsets Models Models.Inputs Onnx"),
        ("Profiling", "Graphs"),
        ("Runs", "Graphs"),
        ("Rewriting", "Graphs Graphs.Emit Graphs.Inference"),
        ("Runtime", "Caching Graphs Graphs.Cuda Graphs.Emit Onnx Profiling Rewriting Runtime.Hardware Runtime.Memory Runtime.Native"),
        ("Runtime.Hardware", ""),
        ("Runtime.Memory", "Graphs"),
        ("Runtime.Native", ""),
        ("Saliency", "Autodiff Graphs Graphs.Emit Graphs.Fields Graphs.Naming Imaging Imaging.Files Imaging.Resample Models Models.Batches Models.Inputs Objectives Onnx Options Runtime"),
        ("Saliency.Methods", "Autodiff Graphs Graphs.Emit Imaging Imaging.Resample Models Models.Inputs Objectives Runtime Saliency"),
        ("Segment", "Graphs Imaging Imaging.Resample Imaging.Segmentation Models Models.Inputs Objectives Options Runtime Saliency Saliency.Methods"),
        ("Pull", "Graphs Models"),
        ("Shards", "Graphs Onnx"),
        ("Top", "Datasets Graphs Graphs.Naming Imaging Models Models.Batches Models.Inputs Objectives Onnx Runtime Shards"),
        ("Training", "Autodiff Datasets Graphs Graphs.Emit Graphs.Inference Graphs.Naming Graphs.Opsets Imaging Imaging.Resample Models Onnx Optimize Runtime"),
        ("Training.Loop", "Datasets Graphs Graphs.Emit Imaging Models Objectives Onnx Options Runs Runtime Training"),
        ("Views", "Graphs Graphs.Naming Imaging Imaging.Resample Imaging.Segmentation Imaging.Sheets Invert Models Models.Inputs Objectives Saliency Segment"),
    ];

    [Fact]
    public void Rooms_know_the_rooms_of_the_table_and_no_others()
    {
        var found = Arrows(Library).Where(a => a.From.Length > 0).ToLookup(a => a.From);
        var rooms = Library.Select(RoomOf).OfType<string>().Where(r => r.Length > 0).Distinct().Order();
        Assert.Equal(rooms, Rooms.Select(r => r.Room).Order());
        foreach (var (room, known) in Rooms)
        {
            var allowed = known.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var strange = found[room].Where(a => !allowed.Contains(a.To)).Select(a => $"{a.By} uses {a.To}").Distinct();
            Assert.True(!strange.Any(), $"{room} should know {(known.Length > 0 ? known : "nothing")}, but {string.Join("; ", strange)}.");
            Assert.True(allowed.Order().SequenceEqual(allowed), $"{room}: {known} is not in order.");
            Assert.True(allowed.All(found[room].Select(a => a.To).Contains), $"{room} knows no {string.Join(" ", allowed.Except(found[room].Select(a => a.To)))} any more.");
        }
    }

    [Fact]
    public void There_are_no_circles()
    {
        var known = Arrows([.. Library, .. Program]).ToLookup(a => a.From, a => a.To);
        var open = known.Select(k => k.Key).ToHashSet();
        // Whatever knows only what has been taken away is taken away, until only circles are left.
        while (open.RemoveWhere(room => !known[room].Any(open.Contains)) > 0)
        {
        }

        Assert.Empty(open.Order());
    }

    [Fact]
    public void No_feature_sees_another_and_no_verb_another()
    {
        // What is segmented is what saliency finds; evolution is what three features show, checkpoint by checkpoint; doctor asks what the others make of a model; the demo is a tour of the verbs.
        Assert.Equal(
            [("Doctor", "Coverage"), ("Doctor", "Deconv"), ("Doctor", "Detect"), ("Doctor", "Features"), ("Doctor", "Saliency"), ("Evolve", "Deconv"), ("Evolve", "Maximize"), ("Evolve", "Top"), ("Segment", "Saliency")],
            Arrows(Library).Select(a => (From: Top(a.From), To: Top(a.To))).Where(a => a.From != a.To && Features.Contains(a.From) && Features.Contains(a.To)).Distinct().Order());
        Assert.DoesNotContain(Arrows(Program), a => IsVerb(a.From) && IsVerb(a.To) && a.From != "Cli.Verbs.Demo");

        static string Top(string room) => room.Split('.')[0];
        static bool IsVerb(string room) => room.StartsWith("Cli.Verbs.", StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_knows_nothing_of_ONNX_Runtime_and_the_library_nothing_of_the_program()
    {
        Assert.DoesNotContain(Program.SelectMany(TypeUses.Of), IsOnnxRuntime);
        Assert.DoesNotContain(Arrows(Library), a => a.To.StartsWith("Cli", StringComparison.Ordinal));
        Assert.All(Library.Where(t => TypeUses.Of(t).Any(IsOnnxRuntime)), t => Assert.Equal("Runtime", RoomOf(t)));

        static bool IsOnnxRuntime(Type t) => t.Namespace?.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) == true;
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
    public void Protobuf_stays_in_the_room_of_the_file_format()
    {
        var users = Library.Where(t => !IsMessage(t) && TypeUses.Of(t).Any(IsMessage)).Select(RoomOf).Distinct();
        Assert.Equal(["Onnx"], users);

        static bool IsMessage(Type t) => t.Namespace is "OnnxViz.Onnx.Proto" || t.Namespace?.StartsWith("Google.Protobuf", StringComparison.Ordinal) == true;
    }

    [Fact]
    public void Namespaces_follow_folders_and_folders_stay_small()
    {
        foreach (var root in new[] { "src/OnnxViz", "src/OnnxViz.Cli", "tests/OnnxViz.Tests" })
        {
            var folder = Path.Combine(Repository.Root, root);
            var files = SourceFiles(folder).ToList();
            Assert.True(files.Count > 50, $"The sources of {root} were not found.");
            foreach (var room in files.GroupBy(f => Path.GetDirectoryName(f)!))
            {
                var place = Path.GetRelativePath(folder, room.Key);
                var expected = Path.GetFileName(root) + (place == "." ? "" : $".{place.Replace(Path.DirectorySeparatorChar, '.')}");
                // What one `using OnnxViz;` is to bring lies in its feature's room all the same.
                Assert.All(room, f => Assert.Contains(NamespaceOf(f), new[] { expected, "OnnxViz" }));
                Assert.True(room.Count() <= LargestFolder, $"{root}/{place} has {room.Count()} files: more than {LargestFolder}.");
            }
        }

        static string NamespaceOf(string file) =>
            File.ReadLines(file).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';') ?? "";
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

    /// <summary>From room to room, without those to the exceptions.</summary>
    private static IEnumerable<(string From, string To, string By)> Arrows(IEnumerable<Type> types) =>
        from type in types
        let room = RoomOf(type)
        where room is not null
        from used in TypeUses.Of(type)
        let known = RoomOf(used)
        where known is { Length: > 0 } && known != room
        select (room, known, Outermost(type).Name);

    /// <summary>The namespace behind "OnnxViz."; null for everybody else's types and for the messages that protobuf makes.</summary>
    private static string? RoomOf(Type type)
    {
        var space = Outermost(type).Namespace ?? "";
        return space == "OnnxViz" ? FacadeRoom(Outermost(type)) : space.StartsWith("OnnxViz.", StringComparison.Ordinal) && space != "OnnxViz.Onnx.Proto" ? space["OnnxViz.".Length..] : null;
    }

    private static string FacadeRoom(Type type) => "";

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
