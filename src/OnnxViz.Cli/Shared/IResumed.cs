namespace OnnxViz.Cli.Shared;

/// <summary>A verb that goes on where an earlier run of it was ended.</summary>
internal interface IResumed
{
    /// <summary>What help says of the option.</summary>
    const string Help = "With -o FOLDER: leave out what is finished there, by this version with the same model, pictures and options, as the manifests of its pictures say; so an interrupted run goes on.";

    /// <summary>--skip-existing.</summary>
    bool SkipExisting { get; }

    /// <summary>-o.</summary>
    string? Out { get; }

    /// <summary>--raw.</summary>
    string? Raw { get; }

    /// <exception cref="OnnxVizException">There is no folder in which something could be finished; --raw, which holds all rows or none.</exception>
    static void Check(IResumed verb, string? folder)
    {
        if (!verb.SkipExisting) return;
        if (verb.Raw is not null) throw OnnxVizException.Usage("--skip-existing and --raw do not go together: what is left out would be missing there.");
        if (folder is null) throw OnnxVizException.Usage($"--skip-existing needs a folder: -o {(verb.Out is null ? "results/" : Path.ChangeExtension(verb.Out, null) + "/")}.");
    }
}
