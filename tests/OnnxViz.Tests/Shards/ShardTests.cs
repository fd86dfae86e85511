using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Shards;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Shards;

/// <summary>What a part is, and the folder that parts lie in.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Parts => _folder["parts"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Every_piece_is_in_one_part(int count)
    {
        var shards = Enumerable.Range(1, count).Select(i => Shard.Parse($"{i}/{count}")).ToList();
        foreach (var piece in Enumerable.Range(0, 40)) Assert.Equal(Shard.Of(piece, count), Assert.Single(shards, s => s.Has(piece)).Index);
    }

    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 4 }, "4")]
    [InlineData(new[] { 1, 2, 3, 5, 7, 8 }, "1-3,5,7-8")]
    public void Numbers_are_listed_as_arrays_of_jobs_take_them(int[] numbers, string text) => Assert.Equal(text, Shard.List(numbers));

    [Fact]
    public void A_part_is_there_when_all_of_its_pieces_are()
    {
        var first = New(1);
        Assert.Equal([0, 2, 4], first.Left());
        foreach (var number in new[] { 0, 2 }) first.Keep(number, PieceOf(number));
        Assert.Equal([4], New(1).Left());
        Assert.Contains("no finished part", Refused(() => new PartSet([Parts])));
        first.Keep(4, PieceOf(4));
        first.Complete();
        Assert.Empty(New(1).Left());
        Assert.Equal([2], new PartSet([Parts]).Missing);
        Assert.Contains("Part 2 of 2 is missing", Refused(() => new PartSet([Parts]).Check()));

        // The other one lies elsewhere, among files of other kinds.
        var second = New(2, "other");
        Finish(second);
        _folder.Write("other/notes.json", "{}"u8.ToArray());
        _folder.Write("other/piece-000001-aaaaaaaaaaaa.npz", [1, 2, 3]);
        var set = new PartSet([Parts, _folder["other"]]);
        set.Check();
        Assert.Equal([0, 1, 2, 3, 4], set.Pieces().Select(p => p.Facts["number"]!.GetValue<int>()));
        Assert.Equal([0, 1, 2, 3, 4], set.Pieces().Select(p => (int)p.Arrays["x"].ToFloats()[1]));
    }

    [Fact]
    public void A_damaged_piece_is_done_again_and_is_not_joined()
    {
        Finish(New(1));
        var path = Directory.GetFiles(Parts, "piece-000002-*").Single();
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^20]);
        Assert.Equal([2], New(1).Left());
        Assert.Contains("damaged", Refused(() => new PartSet([Parts]).Load(2)));
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("repeat part 1/2", Refused(() => new PartSet([Parts]).Load(2)));
        File.Delete(path);
        Assert.Contains("is missing", Refused(() => new PartSet([Parts]).Load(2)));
        Assert.Equal(0, new PartSet([Parts]).Load(0).Facts["number"]!.GetValue<int>());
    }

    [Fact]
    public void Parts_of_other_work_are_told_apart_in_words()
    {
        Finish(New(1));
        Assert.Contains("options.steps 3 instead of 4", Refused(() => New(2, steps: 4).Check()));
        Assert.Contains("2 parts instead of 3", Refused(() => New(2, parts: 3).Check()));
        Assert.Contains("5 pieces of 8 instead of 9 pieces of 4", Refused(() => new PartFolder(Parts, Head(2, cut: new WorkCut(9, "4"))).Check()));
        New(2).Check();
        Finish(New(2, "other", steps: 4));
        Assert.Contains("of other work", Refused(() => new PartSet([Parts, _folder["other"]])));
        Assert.Contains("something else", Refused(() => new PartSet([Parts]).Check(Head(1, steps: 5).Command)));
        new PartSet([Parts]).Check(Head(1).Command);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"version\": 1}")]
    public void A_record_that_is_none_is_refused(string text)
    {
        _folder.Write("parts/part-1-of-2.json", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Contains("part-1-of-2.json' is damaged", Refused(() => new PartSet([Parts])));
        Assert.Contains("repeat that part", Refused(() => New(2).Check()));
    }

    [Fact]
    public void A_record_of_another_version_or_under_another_name_is_refused()
    {
        Finish(New(1));
        var path = Path.Combine(Parts, "part-1-of-2.json");
        File.Copy(path, Path.Combine(Parts, "part-2-of-2.json"));
        Assert.Contains("part-2-of-2.json' is damaged", Refused(() => new PartSet([Parts])));
        File.Delete(Path.Combine(Parts, "part-2-of-2.json"));
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        Assert.Contains("another version", Refused(() => new PartSet([Parts])));
    }

    public void Dispose() => _folder.Dispose();

    private static Piece PieceOf(int number) => new(new JsonObject { ["number"] = number }, new Dictionary<string, Tensor> { ["x"] = Tensor.Of([1f, number, 3], 3) });

    private static PartRecord Head(int part, int parts = 2, int steps = 3, WorkCut? cut = null) => new(
        PartRecord.CurrentVersion, part, parts, JsonNode.Parse($"{{\"model\": \"a\", \"options\": {{\"lr\": 0.1, \"steps\": {steps}}}}}")!.AsObject(), cut ?? new WorkCut(5, "8"), ["maximize"], "here", []);

    private PartFolder New(int part, string folder = "parts", int parts = 2, int steps = 3) => new(_folder[folder], Head(part, parts, steps));

    private static void Finish(PartFolder part)
    {
        foreach (var number in part.Left()) part.Keep(number, PieceOf(number));
        part.Complete();
    }

    private static string Refused(Func<object?> action) => Assert.Throws<OnnxVizException>(action).Message;

    private static string Refused(Action action) => Assert.Throws<OnnxVizException>(action).Message;
}
