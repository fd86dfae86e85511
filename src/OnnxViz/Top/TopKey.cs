using OnnxViz.Datasets;

namespace OnnxViz.Top;

/// <summary>What is searched for in what: only a state with an equal key can be gone on with.</summary>
/// <param name="Model">SHA-256 of the model.</param>
/// <param name="Conventions">How pictures become its input.</param>
/// <param name="Layer">The tensor that holds the units.</param>
/// <param name="Units">Which units.</param>
/// <param name="Top">How many pictures each of them keeps.</param>
/// <param name="Files">How many pictures are looked at.</param>
/// <param name="Fingerprint">Of the list that they begin.</param>
internal sealed record TopKey(string Model, string Conventions, string Layer, IReadOnlyList<int> Units, int Top, int Files, string Fingerprint)
{
    /// <param name="model">The network.</param>
    /// <param name="layer">A value of its graph.</param>
    /// <param name="units">Numbers of its units.</param>
    /// <param name="top">How many pictures each of them keeps.</param>
    /// <param name="pictures">What is searched.</param>
    /// <param name="first">Of the pictures only so many; null for all.</param>
    public static TopKey Of(VisionModel model, Value layer, IReadOnlyList<int> units, int top, IPictureList pictures, int? first = null)
    {
        var conventions = string.Join("; ", model.Conventions.Texts.Select(t => $"{t.Name} {t.Text}"));
        return new(model.Sha256, conventions, layer.Name, units, top, Math.Min(first ?? int.MaxValue, pictures.Count), pictures.Fingerprint);
    }

    /// <summary>What of this is another than asked for; null when nothing is.</summary>
    public string? DifferenceTo(TopKey asked) =>
        Model != asked.Model ? "another model"
        : Conventions != asked.Conventions ? "another size or preparation of the pictures"
        : Layer != asked.Layer ? $"the layer '{Layer}'"
        : !Units.SequenceEqual(asked.Units) ? "other units"
        : Top != asked.Top ? $"{Top} pictures of each unit"
        : Files != asked.Files || Fingerprint != asked.Fingerprint ? "other pictures, or the folder has changed"
        : null;
}
