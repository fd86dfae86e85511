namespace OnnxViz.Cli.Shared;

/// <summary>Names of pictures without folders and extensions, for names of results; where that leaves two alike, with them, and where they are one file, with a number.</summary>
internal static class FileStems
{
    /// <param name="names">With forward slashes.</param>
    public static string[] Of(IReadOnlyList<string> names)
    {
        string[] stems = [.. names.Select(n => Path.GetFileNameWithoutExtension(n))];
        Lengthen(stems, i => Path.ChangeExtension(names[i], null).Replace('/', '_'));
        Lengthen(stems, i => names[i].Replace('/', '_').Replace('.', '_'));
        Lengthen(stems, i => $"{i}_{stems[i]}");
        return stems;
    }

    private static void Lengthen(string[] stems, Func<int, string> longer)
    {
        foreach (var alike in Enumerable.Range(0, stems.Length).GroupBy(i => stems[i], StringComparer.OrdinalIgnoreCase).Where(g => g.Skip(1).Any()).ToList())
            foreach (var i in alike) stems[i] = longer(i);
    }
}
