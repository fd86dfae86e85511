using System.Globalization;

namespace OnnxViz.Fuzz;

internal static class Program
{
    private const string Usage =
        """
        Files that are made wrong, tried through the whole program. Every case is its number: the same one makes the same file.
          --target NAME   which kind (all)
          --first N       number of the first case (0)
          --count N       how many of each kind (200)
          --workers N     processes at once (1)
          --keep DIR      where those that fail are kept (artifacts/fuzz)
        Exit code: 0 when all went well, 1 when some failed.
        """;

    public static int Main(string[] args)
    {
        if (args is ["--help"])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        var (first, count, keep) = (Number("--first", 0), Number("--count", 200), Path.GetFullPath(Text("--keep") ?? "artifacts/fuzz"));
        var targets = Text("--target") is { } name ? [Targets.Named(name)] : Targets.All;
        if (args.Contains("--worker")) return Worker.Run(targets[0], first, count, keep);
        return targets.Sum(t => new Campaign(t, keep).Run(first, count, (int)Number("--workers", 1))) == 0 ? 0 : 1;

        string? Text(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

        long Number(string option, long otherwise) => Text(option) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
