using OnnxViz.Datasets;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using OnnxViz.Top;
using Xunit;

namespace OnnxViz.Tests.Top;

public sealed class TopPicturesTests : IDisposable
{
    private const int Count = 21;

    private const int Top = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly VisionModel _model;
    private readonly Value _layer;
    private readonly IReadOnlyList<PictureFile> _files;
    private readonly TopKey _key;

    public TopPicturesTests()
    {
        _files = PictureFolder.List([PictureHeap.Make(_folder, Count)]);
        _model = VisionModel.Load(SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]), ModelCatalog.Open(Repository.Carried("")));
        _layer = _model.Layers.Find("second");
        _key = TopKey.Of(_model, _layer, [7, 0, 15], Top, new FolderPictures(_files));
    }

    [Fact]
    public void Pictures_are_found_in_all_folders_in_one_order()
    {
        Assert.Equal(Count + 1, _files.Count);
        Assert.Equal(_files.Select(f => f.Name).Order(StringComparer.Ordinal), _files.Select(f => f.Name));
        Assert.Contains(_files, f => f.Name == "b/c/01.png");
        Assert.Equal(PictureFolder.Fingerprint(_files), PictureFolder.Fingerprint(PictureFolder.List([_folder["heap"] + "/"])));
        File.SetLastWriteTimeUtc(_folder["heap/02.png"], new DateTime(2001, 1, 1));
        Assert.NotEqual(PictureFolder.Fingerprint(_files), PictureFolder.Fingerprint(PictureFolder.List([_folder["heap"]])));
    }

    [Fact]
    public void A_folder_that_links_to_itself_is_searched_once()
    {
        Directory.CreateSymbolicLink(_folder["heap/b/again"], _folder["heap"]);
        Assert.Equal(Count + 1, PictureFolder.List([_folder["heap"]]).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void The_strongest_are_those_that_one_by_one_are_the_strongest(int batch)
    {
        var expected = new List<(string Name, int Position, float Activation)>[_key.Units.Count];
        for (var u = 0; u < expected.Length; u++) expected[u] = [];
        foreach (var file in _files.Where(f => f.Name != PictureHeap.Broken))
        {
            var input = _model.Conventions.ToTensor(_model.Conventions.Frame(ImageFile.Load(file.Path)));
            var maps = FeatureMaps.Of(_model, input, [_layer], RuntimeOptions.Default)[0].Maps;
            var positions = (int)(maps.Dims[2] * maps.Dims[3]);
            for (var u = 0; u < expected.Length; u++)
            {
                var map = maps.ToFloats().AsSpan(_key.Units[u] * positions, positions).ToArray();
                expected[u].Add((file.Name, Array.IndexOf(map, map.Max()), map.Max()));
            }
        }

        var found = Search(TopState.New(_key), batch);
        Assert.True(found.IsComplete);
        Assert.Equal([PictureHeap.Broken], found.Skipped.Select(s => _files[s.File].Name));
        Assert.Contains("broken.png", found.Skipped[0].Reason);
        for (var u = 0; u < expected.Length; u++)
        {
            var best = expected[u].OrderByDescending(e => e.Activation).Take(Top).ToList();
            Assert.Equal(best.Select(e => (e.Name, e.Position)), found.Found[u].Select(e => (_files[e.File].Name, e.Position)));
            Near.Each($"unit {_key.Units[u]}", [.. best.Select(e => (double)e.Activation)], [.. found.Found[u].Select(e => (double)e.Activation)], 1e-6);
        }
    }

    [Fact]
    public void A_search_that_was_interrupted_goes_on_to_the_same_end()
    {
        var whole = Search(TopState.New(_key), 4);
        using var stop = new CancellationTokenSource();
        var half = Search(TopState.New(_key), 4, new StopAt(8, stop), stop.Token);
        Assert.Equal(8, half.Done);
        Assert.False(half.IsComplete);
        var read = TopState.Parse(half.ToJson(), "state.json");
        Assert.Null(read.Key.DifferenceTo(_key));
        Assert.Equal(half.ToJson(), read.ToJson());
        Assert.Equal(whole.ToJson(), Search(read, 4).ToJson());
    }

    [Fact]
    public void A_state_is_of_one_search_only()
    {
        Assert.Contains("model", (_key with { Model = "0" }).DifferenceTo(_key));
        Assert.Contains("'first'", (_key with { Layer = "first" }).DifferenceTo(_key));
        Assert.Contains("units", (_key with { Units = [1] }).DifferenceTo(_key));
        Assert.Contains("9 pictures", (_key with { Top = 9 }).DifferenceTo(_key));
        Assert.Contains("changed", (_key with { Fingerprint = "0" }).DifferenceTo(_key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"version\": 2}")]
    public void A_damaged_state_is_refused(string json)
    {
        var error = Assert.Throws<OnnxVizException>(() => TopState.Parse(System.Text.Encoding.UTF8.GetBytes(json), "state.json"));
        Assert.Equal(Fault.Input, error.Fault);
        var state = Search(TopState.New(_key), 8);
        Assert.Throws<OnnxVizException>(() => TopState.Parse((state with { Done = 3 }).ToJson(), "state.json"));
        Assert.Throws<OnnxVizException>(() => TopState.Parse(state.ToJson().AsSpan(0, 400), "state.json"));
    }

    [Fact]
    public void Of_equal_pictures_the_first_ones_stay()
    {
        foreach (var file in _files.Skip(1).Where(f => f.Name != PictureHeap.Broken)) File.Copy(_files[0].Path, file.Path, overwrite: true);
        var found = Search(TopState.New(_key), 8);
        var readable = Enumerable.Range(0, _files.Count).Where(i => _files[i].Name != PictureHeap.Broken).Take(Top);
        Assert.All(found.Found, entries => Assert.Equal(readable, entries.Select(e => e.File)));
    }

    public void Dispose() => _folder.Dispose();

    private TopState Search(TopState start, int batch, IProgress<TopState>? progress = null, CancellationToken token = default) =>
        TopPictures.Search(_model, _layer, new FolderPictures(_files), start, batch, RuntimeOptions.Default, progress, null, token);

    private sealed class StopAt(int done, CancellationTokenSource stop) : IProgress<TopState>
    {
        public void Report(TopState value)
        {
            if (value.Done >= done) stop.Cancel();
        }
    }
}
