namespace OnnxViz;

/// <summary>A file that something which lies in a folder names: it lies there as well, and no link leads out.</summary>
internal static class FolderFile
{
    /// <param name="folder">Where the naming file lies.</param>
    /// <param name="name">What it names.</param>
    /// <returns>The path; the file need not be there.</returns>
    /// <exception cref="FormatException">It would lie elsewhere, or could not be a file's name.</exception>
    public static string In(string folder, string name)
    {
        if (!IsName(name)) throw new FormatException($"'{name}' is no file's name: a file in the same folder is named by its name alone.");
        var path = Path.Combine(folder, name);
        return RealPath.IsBelow(RealPath.Of(folder), RealPath.Of(path)) ? path : throw new FormatException($"'{name}' is a link out of its folder, where it has to be.");
    }

    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\\', ':') && !name.Any(char.IsControl);
}
