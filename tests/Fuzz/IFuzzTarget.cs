namespace OnnxViz.Fuzz;

/// <summary>One kind of input that is made wrong and tried: a row of <see cref="Targets"/>.</summary>
internal interface IFuzzTarget
{
    /// <summary>The word that chooses it, such as "onnx".</summary>
    string Name { get; }

    /// <summary>Files, or folders, that are right: what is made wrong begins as one of them.</summary>
    IReadOnlyList<string> Seeds { get; }

    /// <summary>Writes what is tried into an empty folder: the seed with some things wrong. Equal random numbers make equal files.</summary>
    void Mutate(string seed, CounterRandom random, string folder);

    /// <summary>The command lines that are to survive it, made in that folder; each runs whole in this process.</summary>
    /// <param name="folder">What <see cref="Mutate"/> wrote; results go here too.</param>
    /// <param name="random">Where not all of them are tried every time.</param>
    IEnumerable<string[]> Try(string folder, CounterRandom random);
}
