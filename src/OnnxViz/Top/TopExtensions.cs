using OnnxViz.Datasets;
using OnnxViz.Top;

namespace OnnxViz;

/// <summary>Which pictures of a collection units respond to.</summary>
public static class TopExtensions
{
    /// <summary>The pictures that a unit responds to most strongly, the strongest first; those that cannot be read are passed over.</summary>
    /// <param name="model">The network.</param>
    /// <param name="folder">A folder of pictures; folders in it are searched too.</param>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="unit">Number of a unit of the layer, from 0.</param>
    /// <param name="count">How many pictures at most.</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="token">Ends the search.</param>
    /// <exception cref="OnnxVizException">An unknown layer or unit, or a folder without pictures.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<TopPicture> Top(
        this VisionModel model, string folder, string layer, int unit, int count = 9,
        RuntimeOptions? runtime = null, IProgress<double>? progress = null, CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        runtime ??= RuntimeOptions.Default;
        model.Conventions.RequirePictures();
        var (value, files, c) = (model.Layers.Find(layer), PictureFolder.List([folder]), model.Conventions);
        var start = TopState.New(TopKey.Of(model, value, [unit], count, new FolderPictures(files)));
        var told = progress is null ? null : new Share(progress, files.Count);
        var found = TopPictures.Search(model, value, new FolderPictures(files), start, TopPictures.BatchSize(model, value, new TopOptions { Top = count }, runtime.Device), runtime, told, token: token);
        token.ThrowIfCancellationRequested();
        var fields = LayerFields.Of(model, value, c.InputDims(1, c.Height, c.Width));
        return [.. found.Found[0].Select(e => new TopPicture(files[e.File].Path, e.Activation, fields.Box(e.Position)))];
    }

    private sealed class Share(IProgress<double> progress, int files) : IProgress<TopState>
    {
        public void Report(TopState value) => progress.Report((double)value.Done / files);
    }
}
