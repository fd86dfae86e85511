using OnnxViz.Datasets;
using OnnxViz.Options;
using OnnxViz.Runs;

namespace OnnxViz.Training.Loop;

/// <summary>What a run is started with.</summary>
/// <param name="Architecture">One of <see cref="Architectures.Names"/>; null for a model that is trained further.</param>
/// <param name="Model">An .onnx file or known model; null for a new network.</param>
/// <param name="TrainLayers">Which of its layers are trained.</param>
/// <param name="Data">A data set's name or folder.</param>
/// <param name="Size">Of what the network sees; null for that of the model, or of the data.</param>
/// <param name="DataOptions">How the data is divided.</param>
/// <param name="Options">How it is trained.</param>
internal sealed record TrainingRequest(
    string? Architecture, string? Model, string? TrainLayers, string Data, PixelSize? Size, DatasetOptions DataOptions, TrainingOptions Options);

/// <summary>A run with its network and its data, ready to train.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const string SeedName = "seed", SizeName = "size", DeviceName = "device", ThreadsName = "threads";

    private readonly VisionModel? _source;
    private readonly RunSplit _train, _test;
    private IDisposable? _occupied;

    private TrainingRun(TrainingRequest request, RunFolder folder, RuntimeOptions runtime, RunDescription? started, IProgress<double>? progress, CancellationToken token)
    {
        (Folder, Data) = (folder, Dataset.Open(request.Data, request.DataOptions));
        try
        {
            // As they lie there; pictures that cannot be read are left out later.
            (_train, _test) = (Split(Data.Train), Split(Data.Test));
            Request = request = request with { Options = request.Options with { Augment = request.Options.Augment ?? Data.Augmentation } };
            _source = request.Model is { } model ? Sized(VisionModel.Open(model), request.Size) : null;
            // What has changed is said before every picture is looked at.
            if (started is not null) Compare(started, Describe(runtime));
            var survey = _source is null
                ? DatasetSurvey.Measure(Data, DatasetSurvey.ConventionsFor(Data, request.Size), runtime.Threads, progress, token)
                : DatasetSurvey.Check(Data, _source.Conventions, runtime.Threads, progress, token);
            Data = survey.Data;
            var description = Describe(runtime);
            Description = started is null ? description : started with { Options = description.Options, Data = started.Data with { Place = description.Data.Place } };
            Network = _source is null
                ? Architectures.Build(request.Architecture!, survey.Conventions, Data.Classes.Count, request.Options.Seed)
                : FineTuning.From(_source, request.TrainLayers ?? FineTuning.Classifier, Data.Classes.Count, request.Options.Seed);
            Trainer = new Trainer(Network, Data, request.Options, folder, ModelMetadata.Of(Network.Conventions, Data.Classes), runtime);
        }
        catch
        {
            Data.Dispose();
            _source?.Dispose();
            throw;
        }
    }

    public TrainingRequest Request { get; }

    public RunFolder Folder { get; }

    public Dataset Data { get; }

    public TrainableNetwork Network { get; }

    public RunDescription Description { get; }

    public Trainer Trainer { get; }

    /// <summary>Writes the description and the network before training.</summary>
    /// <param name="folder">Holds no run yet; it is made where there is none.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="progress">Told the share of the pictures that were looked at.</param>
    /// <param name="token">Ends that.</param>
    /// <exception cref="OnnxVizException">Anything about network, data, options or folder.</exception>
    public static TrainingRun Start(RunFolder folder, TrainingRequest request, RuntimeOptions runtime, IProgress<double>? progress = null, CancellationToken token = default)
    {
        var run = new TrainingRun(request, folder, runtime, null, progress, token);
        try
        {
            run._occupied = folder.Occupy();
            RunFile.Save(folder.DescriptionFile, run.Description);
            run.Trainer.Begin();
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with a run from its newest checkpoint.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="request">As <see cref="RequestOf"/> gives it, but for what may change.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="progress">Told the share of the pictures that were looked at.</param>
    /// <param name="token">Ends that.</param>
    /// <exception cref="OnnxVizException">The model or the data is another one by now; the message says which.</exception>
    public static TrainingRun Resume(RunFolder folder, TrainingRequest request, RuntimeOptions runtime, IProgress<double>? progress = null, CancellationToken token = default)
    {
        // Said before every picture is looked at.
        folder.Occupy().Dispose();
        var run = new TrainingRun(request, folder, runtime, folder.Description(), progress, token);
        try
        {
            run._occupied = folder.Occupy();
            RunFile.Save(folder.DescriptionFile, run.Description);
            run.Trainer.Resume();
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>What a run was started with.</summary>
    /// <exception cref="OnnxVizException">Its description does not fit this program.</exception>
    public static TrainingRequest RequestOf(RunDescription run)
    {
        try
        {
            return new TrainingRequest(
                run.Network.Architecture, run.Network.Model, run.Network.TrainLayers, run.Data.Place,
                run.Options.TryGetValue(SizeName, out var size) ? PixelSize.Parse(size) : null,
                OptionTable.With(new DatasetOptions(), Known<DatasetOptions>(run)),
                OptionTable.With(new TrainingOptions(), Known<TrainingOptions>(run)) with { Seed = ulong.Parse(run.Options[SeedName]) });
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw OnnxVizException.Input($"The description of the run is damaged: {e.Message}", e);
        }
    }

    /// <summary>Where it ran: "cpu" or "cuda:0", and its threads; 0 for as many as there are cores.</summary>
    public static (string Device, int Threads) PlaceOf(RunDescription run) =>
        (run.Options.GetValueOrDefault(DeviceName, "auto"), int.TryParse(run.Options.GetValueOrDefault(ThreadsName), out var threads) ? threads : 0);

    public void Dispose()
    {
        Trainer.Dispose();
        Data.Dispose();
        _source?.Dispose();
        _occupied?.Dispose();
    }

    private static VisionModel Sized(VisionModel model, PixelSize? size)
    {
        try
        {
            return size is var (height, width) ? model.With(model.Conventions with { Height = height, Width = width, Fit = PictureFit.Stretch }) : model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static IEnumerable<(string Name, string Text)> Known<T>(RunDescription run)
    {
        var names = OptionTable.Of(typeof(T)).Select(o => o.Name).ToHashSet();
        return run.Options.Where(o => names.Contains(o.Key)).Select(o => (o.Key, o.Value));
    }

    private static void Compare(RunDescription started, RunDescription now)
    {
        if (started.Network.Sha256 != now.Network.Sha256)
        {
            throw OnnxVizException.Input(
                $"{now.Network.Model} is another model than the one that the run was started from: its SHA-256 is {now.Network.Sha256}, not {started.Network.Sha256}.");
        }

        foreach (var (name, before, after) in new[] { ("train on", started.Data.Train, now.Data.Train), ("test on", started.Data.Test, now.Data.Test) })
        {
            if (before.Fingerprint == after.Fingerprint) continue;
            var what = before.Count == after.Count ? $"the same number of pictures to {name}, {after.Count}, but others" : $"{after.Count} pictures to {name}, and had {before.Count} when the run was started";
            throw OnnxVizException.Input($"The data {now.Data.Place} has changed: it has {what}.");
        }

        if (!started.Classes.SequenceEqual(now.Classes))
            throw OnnxVizException.Input($"The data {now.Data.Place} has changed: its classes are {string.Join(", ", now.Classes)}, and were {string.Join(", ", started.Classes)}.");
    }

    private RunDescription Describe(RuntimeOptions runtime)
    {
        var options = OptionTable.ToTexts(Request.Options).Concat(OptionTable.ToTexts(Request.DataOptions)).ToDictionary(o => o.Name, o => o.Text);
        options[SeedName] = $"{Request.Options.Seed}";
        options[DeviceName] = $"{runtime.Device}";
        options[ThreadsName] = $"{runtime.Threads}";
        if (Request.Size is { } size) options[SizeName] = $"{size.Height}x{size.Width}";
        var place = Directory.Exists(Request.Data) ? Path.GetFullPath(Request.Data) : Request.Data;
        var model = File.Exists(Request.Model) ? Path.GetFullPath(Request.Model) : Request.Model;
        return new RunDescription(
            RunDescription.CurrentFormat, PreparedIndex.CurrentProgram, OrtLibrary.Version,
            new RunNetwork(Request.Architecture, model, _source?.Sha256, _source is null ? null : Request.TrainLayers ?? FineTuning.Classifier),
            new RunData(Data.Name, place, _train, _test),
            Data.Classes, Trainer.StepsOf(Data, Request.Options), options);
    }

    private static RunSplit Split(LabelledPictures pictures) => new(pictures.Count, pictures.Fingerprint);
}
