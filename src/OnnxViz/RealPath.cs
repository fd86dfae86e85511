namespace OnnxViz;

/// <summary>A path with every link in it followed, as far as it exists.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Whether a path lies in a folder or below it; both are real.</summary>
    public static bool IsBelow(string folder, string path) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    public static string Of(string path)
    {
        path = Path.GetFullPath(path);
        var links = 0;
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var rest = new Stack<string>(Parts(path[root.Length..]));
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) throw OnnxVizException.Input($"'{path}' is a link to itself.");
            if (Path.IsPathRooted(target))
            {
                real = root = Path.GetPathRoot(target)!;
                target = target[root.Length..];
            }

            foreach (var piece in Parts(target)) rest.Push(piece);
        }

        return real;

        // From the last to the first, as they go on the stack.
        static IEnumerable<string> Parts(string path) =>
            path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
                .Where(part => part != ".")
                .Reverse();
    }
}
