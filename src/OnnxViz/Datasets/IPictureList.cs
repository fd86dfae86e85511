namespace OnnxViz.Datasets;

/// <summary>Pictures by number, read when they are asked for: a folder's, or those of one split of a data set. May be used from several threads at once.</summary>
public interface IPictureList
{
    int Count { get; }

    /// <summary>Equal for lists of equal content: what was learned of one list holds for another.</summary>
    string Fingerprint { get; }

    /// <summary>What a picture is called: its file from the folder on, with forward slashes, or a number such as "train/00017".</summary>
    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    string NameOf(int i);

    /// <summary>The picture at its own size; gray is tripled.</summary>
    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    Image Load(int i);
}
