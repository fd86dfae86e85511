namespace OnnxViz.Datasets;

/// <summary>Where a data set lies that was asked for by name or by path.</summary>
internal static class DatasetPlaces
{
    /// <param name="nameOrPath">What was asked for.</param>
    /// <returns>Its folder, and which data set it is, where it was asked for by name.</returns>
    /// <exception cref="OnnxVizException">It is nowhere; the message says where it was looked for.</exception>
    public static (string Folder, KnownDataset? Known) Find(string nameOrPath)
    {
        if (Directory.Exists(nameOrPath)) return (nameOrPath, null);
        if (File.Exists(nameOrPath)) throw OnnxVizException.Input($"The data '{nameOrPath}' is a file; name the folder that it lies in.");
        var known = KnownDataset.All.FirstOrDefault(k => k.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            throw OnnxVizException.Input(
                $"There is no data '{nameOrPath}': neither a folder nor one of {string.Join(", ", KnownDataset.All.Select(k => k.Name))}.");
        }

        var places = Of(known).ToList();
        return places.Find(Directory.Exists) is { } folder
            ? (folder, known)
            : throw OnnxVizException.Input($"The data set {known.Name} is in none of {string.Join(", ", places)}: {known.Source}{(known.IsCarried ? "" : $". For a first try {KnownDataset.FashionMnistSmall.Name} comes with the program")}.");
    }

    private static IEnumerable<string> Of(KnownDataset known)
    {
        if (Environment.GetEnvironmentVariable("ONNXVIZ_DATA") is { Length: > 0 } given) yield return Path.Combine(given, known.Name);
        yield return Path.Combine("data", known.Name);
        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
            yield return Path.Combine(home, ".cache", "onnxviz", "data", known.Name);
        foreach (var place in known.SystemPlaces) yield return place;
        if (known.IsCarried) yield return Path.Combine(CarriedFiles.Folder, "data", known.Name);
    }
}
