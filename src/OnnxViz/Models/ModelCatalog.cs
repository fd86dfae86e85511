using OnnxViz.Onnx;

namespace OnnxViz.Models;

/// <summary>A model that somebody described: an entry of models.json.</summary>
/// <param name="Name">What it is called, such as vgg16.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="File">Its file's name.</param>
/// <param name="Sha256">Of the file, in hexadecimal digits.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="Source">Where its authors tell of it.</param>
/// <param name="Download">Where the file itself can be fetched; null of one that comes with the program or in a package.</param>
/// <param name="Licence">SPDX identifier.</param>
/// <param name="Labels">The file that names its classes, beside models.json; null where none are known.</param>
/// <param name="Conventions">What it expects of pictures.</param>
public sealed record KnownModel(
    string Name, string Title, string File, string Sha256, long Size, string Source, string? Download, string Licence, string? Labels, PictureConventions Conventions)
{
    /// <summary>Where the models.json lies that has it, and its labels.</summary>
    internal string Folder { get; init; } = "";
}

/// <summary>The known models: models.json and the files beside it.</summary>
public sealed class ModelCatalog
{
    private const string FileName = "models.json";

    /// <summary>Bytes of models.json or a file of labels.</summary>
    private const int Largest = 16 << 20;

    private ModelCatalog(string folder, string fetched, IReadOnlyList<KnownModel> models) => (Folder, Fetched, Models) = (folder, fetched, models);

    /// <summary>Where models.json lies.</summary>
    public string Folder { get; }

    /// <summary>Where models go that are fetched.</summary>
    public string Fetched { get; }

    /// <summary>In the order of models.json.</summary>
    public IReadOnlyList<KnownModel> Models { get; }

    /// <summary>Opens the folder named by the environment variable ONNXVIZ_MODELS, or else onnx-models beside the program.</summary>
    /// <exception cref="OnnxVizException">There is none, or its models.json is broken.</exception>
    public static ModelCatalog Open() => Open(CarriedFiles.Folder, CarriedFiles.Fetched);

    /// <summary>Opens that folder, or else the one that a model's file lies in, or a catalogue without models where neither has one.</summary>
    /// <param name="model">The file of the model; null for none.</param>
    /// <exception cref="OnnxVizException">The models.json of the former is broken.</exception>
    public static ModelCatalog AtHand(string? model = null)
    {
        if (File.Exists(Path.Combine(CarriedFiles.Folder, FileName))) return Open();
        var beside = Path.GetDirectoryName(Path.GetFullPath(model ?? CarriedFiles.Folder)) ?? "";
        try
        {
            if (File.Exists(Path.Combine(beside, FileName))) return Open(beside);
        }
        catch (OnnxVizException)
        {
            // Somebody else's models.json.
        }

        return new ModelCatalog(CarriedFiles.Folder, CarriedFiles.Fetched, []);
    }

    /// <param name="folder">Holds models.json and what that names.</param>
    /// <param name="fetched">
    /// Where models go that are fetched; null for the same folder. It may have a models.json of its own, of which a model hides one of the same name.
    /// </param>
    /// <exception cref="OnnxVizException">There is no models.json, or one is broken.</exception>
    public static ModelCatalog Open(string folder, string? fetched = null)
    {
        fetched ??= folder;
        IReadOnlyList<KnownModel> models = Read(folder);
        if (!Path.GetFullPath(fetched).Equals(Path.GetFullPath(folder), StringComparison.Ordinal) && File.Exists(Path.Combine(fetched, FileName)))
        {
            var own = Read(fetched);
            models = [.. models.Where(m => own.All(o => Plain(o.Name) != Plain(m.Name))), .. own];
        }

        return new ModelCatalog(folder, fetched, models);
    }

    /// <summary>The model of that name, in upper or lower case, with or without - and _; null where there is none.</summary>
    public KnownModel? ByName(string name) => Models.FirstOrDefault(m => Plain(m.Name) == Plain(name));

    /// <summary>The model that a file holds, whatever it is called; only files of the right size are read for it.</summary>
    public KnownModel? ByContent(OnnxModel file) =>
        Models.FirstOrDefault(m => m.Size == file.Length && m.Sha256.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where the model's file is, or would be: beside models.json, or in <see cref="Fetched"/>.</summary>
    public string PathOf(KnownModel model)
    {
        var carried = PlaceIn(model.Folder, model);
        return File.Exists(carried) ? carried : PlaceIn(Fetched, model);
    }

    /// <summary>Where the model's file would be in a folder.</summary>
    /// <exception cref="OnnxVizException">models.json names no file of that folder.</exception>
    internal static string PlaceIn(string folder, KnownModel model)
    {
        try
        {
            return FolderFile.In(folder, model.File);
        }
        catch (FormatException e)
        {
            throw OnnxVizException.Input($"The file of '{model.Name}' in '{Path.Combine(model.Folder, FileName)}': {e.Message}", e);
        }
    }

    /// <summary>Names of a model's classes, one a line; null where none are known.</summary>
    /// <exception cref="OnnxVizException">The file that models.json names cannot be read, or lies elsewhere.</exception>
    public static IReadOnlyList<string>? LabelsOf(KnownModel model)
    {
        if (model.Labels is null) return null;
        try
        {
            using var reader = new StreamReader(new MemoryStream(OpenFile.ReadAll(FolderFile.In(model.Folder, model.Labels), Largest)));
            var labels = new List<string>();
            while (reader.ReadLine() is { } line) labels.Add(line);
            return labels;
        }
        catch (Exception e) when (e is FormatException or OnnxVizException { Fault: Fault.Input })
        {
            throw OnnxVizException.Input($"The labels of '{model.Name}' in '{Path.Combine(model.Folder, FileName)}': {e.Message}", e);
        }
    }

    private static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static KnownModel[] Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return JsonField.Read(OpenFile.ReadAll(file, Largest), json => json["models"].List().Select(m => Parse(m) with { Folder = folder }).ToArray());
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            throw OnnxVizException.Input($"The models' folder '{folder}' cannot be read ({e.Message}); set ONNXVIZ_MODELS to one that holds models.json.", e);
        }
        catch (FormatException e)
        {
            throw OnnxVizException.Input($"'{file}' is not what models.json should be: {e.Message}", e);
        }
    }

    private static KnownModel Parse(JsonField m) => new(
        m["name"].Text(), Text(m, "title") ?? "", m["file"].Text(), m["sha256"].Sha256(), m["size"].Whole(1, long.MaxValue),
        Text(m, "source") ?? "", Text(m, "download"), Text(m, "licence") ?? "", Text(m, "labels"), PreprocessingReader.Read(m).ToConventions());

    private static string? Text(JsonField m, string name) => m.Find(name)?.Text(isEmptyAllowed: true);
}
