using OnnxViz.Shards;

namespace OnnxViz.Cli.Shared;

/// <summary>--shard I/N.</summary>
internal static class Sharding
{
    /// <summary>The verbs that have it.</summary>
    public static IReadOnlyList<Type> Verbs { get; } = [.. typeof(Sharding).Assembly.GetTypes().Where(t => t.IsClass && !t.IsAbstract && typeof(IShared).IsAssignableFrom(t))];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new ShardOptions());

    /// <summary>The part that is asked for; null where all is, and where parts are joined.</summary>
    /// <exception cref="OnnxVizException">No part that there can be.</exception>
    public static Shard? PartOf<T>(this T verb)
        where T : VerbOptions, IShared => verb.Joined is null ? verb.Onto(new ShardOptions()).Shard : null;

    /// <summary>All pieces have been read: which forms of graphs they were found by is known, for the manifest.</summary>
    /// <param name="verb">That joins them; nothing is done where it does not.</param>
    /// <param name="runtime">Is told.</param>
    /// <param name="output">Told where forms differ.</param>
    public static void Told(IShared verb, RuntimeOptions runtime, Output output)
    {
        if (verb.Joined is not { } parts) return;
        runtime.Winograd.Note(parts.Forms);
        if (!parts.AreOfOneForm) output.Note("Machines measured different convolutions to be quicker by Winograd: results may differ from those of one process in rounding. --winograd none, or its sizes, makes all alike.");
    }

    /// <summary>The folder that a part goes into.</summary>
    /// <exception cref="OnnxVizException">-o is missing, or no folder; --raw was given.</exception>
    public static string FolderOf(IShared verb)
    {
        if (verb.Raw is not null) throw OnnxVizException.Usage("--raw and --shard do not go together: parts keep their raw results anyway, and `onnxviz merge DIR --raw FILE.npy` writes them.");
        if (string.IsNullOrEmpty(verb.Out)) throw OnnxVizException.Usage("--shard needs -o DIR, a folder for the parts; `onnxviz merge DIR -o FILE` joins them.");
        if (File.Exists(verb.Out) || (Path.GetExtension(verb.Out).Length > 0 && !Directory.Exists(verb.Out) && !Path.EndsInDirectorySeparator(verb.Out)))
            throw OnnxVizException.Usage($"-o {verb.Out}: with --shard it names a folder, for the parts; `onnxviz merge DIR -o FILE` draws them.");
        return verb.Out;
    }
}
