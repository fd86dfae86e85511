namespace OnnxViz.Profiling;

/// <summary>Where the time and the memory of some work went. Shares are of 1.</summary>
public sealed record ProfileReport
{
    private readonly ChromeTrace _trace;

    internal ProfileReport(ChromeTrace trace) => _trace = trace;

    /// <summary>From the beginning to the end; of a program from the start of its process.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>What the thread did that the work began on, each phase without those within it: together they are all its time.</summary>
    public required IReadOnlyList<ProfiledPhase> Phases { get; init; }

    /// <summary>What other threads did meanwhile, likewise.</summary>
    public required IReadOnlyList<ProfiledPhase> OtherThreads { get; init; }

    /// <summary>By operator, the longest first. Runs within a run, as of a loop's body, are counted once.</summary>
    public required IReadOnlyList<ProfiledOperator> Operators { get; init; }

    /// <summary>By layer of the model, the longest first; rows in brackets belong to none.</summary>
    public required IReadOnlyList<ProfiledLayer> Layers { get; init; }

    /// <summary>The runs of graphs, and what of their time lies outside of operators.</summary>
    public required ProfiledRuns Runs { get; init; }

    public required ProfiledMemory Memory { get; init; }

    public required ProfiledDotNet DotNet { get; init; }

    /// <summary>What the machine is able to do; null where nothing ran or it was not measured.</summary>
    public MachinePeak? Peak { get; init; }

    /// <summary>
    /// The same on an axis of time, as chrome://tracing and Perfetto (ui.perfetto.dev) show it: JSON, UTF-8, of the Trace Event
    /// Format. Of very long work the trace has the beginning.
    /// </summary>
    public byte[] ToChromeTrace() => _trace.ToJson();
}

/// <param name="Name">What was done.</param>
/// <param name="Calls">How often.</param>
/// <param name="Milliseconds">Without phases within it.</param>
/// <param name="Share">Of the whole time.</param>
public sealed record ProfiledPhase(string Name, long Calls, double Milliseconds, double Share);

/// <param name="Operator">Such as Conv, by the graph that was run: ONNX Runtime's rewrites are in it.</param>
/// <param name="Provider">What ran it, such as CPUExecutionProvider.</param>
/// <param name="Calls">How many nodes ran, each as often as it did.</param>
/// <param name="Milliseconds">All their time.</param>
/// <param name="Share">Of the time of all operators.</param>
/// <param name="GigaflopsPerSecond">
/// Of convolutions and matrix products: two operations for each multiplication that the network needs, without those on padding
/// that ONNX Runtime adds. Null for other operators.
/// </param>
/// <param name="GigabytesPerSecond">Bytes of the inputs and outputs over the time; what lies in a cache may be quicker than memory.</param>
/// <param name="ShareOfPeak">Of the machine's operations where there are any, else of its bytes; null where it was not measured.</param>
public sealed record ProfiledOperator(
    string Operator, string Provider, long Calls, double Milliseconds, double Share, double? GigaflopsPerSecond, double GigabytesPerSecond, double? ShareOfPeak);

/// <param name="Layer">The layer as the model's table of layers calls it, or what of ours the nodes are for, such as optimizer.</param>
/// <param name="Milliseconds">All its time.</param>
/// <param name="Forward">Milliseconds of what computes it.</param>
/// <param name="Gradient">Milliseconds of what takes its gradient.</param>
/// <param name="Share">Of the time of all operators.</param>
/// <param name="GigaflopsPerSecond">As of operators, over all its time; null where it multiplies nothing.</param>
/// <param name="ShareOfPeak">Of the machine's operations.</param>
public sealed record ProfiledLayer(
    string Layer, double Milliseconds, double Forward, double Gradient, double Share, double? GigaflopsPerSecond, double? ShareOfPeak);

/// <summary>The runs of graphs. In, between and around operators, runs that were not recorded and all else are together the whole time.</summary>
/// <param name="Sessions">Graphs that were made ready.</param>
/// <param name="Count">Runs of all of them.</param>
/// <param name="Recorded">Runs whose operators are known; of a graph with very many the first.</param>
/// <param name="InOperators">Milliseconds within operators.</param>
/// <param name="Between">Milliseconds of recorded runs between their operators: ONNX Runtime's own work and that of its profiler.</param>
/// <param name="Around">Milliseconds around recorded runs: binding, copying in and out.</param>
/// <param name="Unrecorded">Milliseconds of the runs whose operators are not known.</param>
/// <param name="Elsewhere">Milliseconds outside of runs; less where runs overlapped.</param>
public sealed record ProfiledRuns(
    int Sessions, long Count, long Recorded, double InOperators, double Between, double Around, double Unrecorded, double Elsewhere);

/// <param name="PeakResidentBytes">The most that the process ever had in memory.</param>
/// <param name="RecordBytes">About what of it the records of operators took, of the session with the most: without a profiler they are not there.</param>
/// <param name="ManagedBytes">Of it now on the heap of .NET.</param>
/// <param name="RuntimePeakBytes">The most that ONNX Runtime's allocators had handed out for runs, of the session with the most; null where it does not tell.</param>
/// <param name="WeightBytes">Constants of the graph with the most.</param>
public sealed record ProfiledMemory(long PeakResidentBytes, long RecordBytes, long ManagedBytes, long? RuntimePeakBytes, long WeightBytes);

/// <summary>What .NET did for itself meanwhile; its time is part of the phases'.</summary>
/// <param name="CompilerMilliseconds">Its just-in-time compiler, on the thread that the work began on.</param>
/// <param name="CompiledMethods">What it compiled there.</param>
/// <param name="CollectorMilliseconds">Pauses for the garbage collector.</param>
public sealed record ProfiledDotNet(double CompilerMilliseconds, long CompiledMethods, double CollectorMilliseconds);

/// <summary>The best that was measured of this machine through ONNX Runtime.</summary>
/// <param name="Device">Where, such as cpu.</param>
/// <param name="Threads">Threads within an operator.</param>
/// <param name="GigaflopsPerSecond">Of a large product of matrices, float32.</param>
/// <param name="GigabytesPerSecond">Read and written by an element-wise operator on more than caches hold.</param>
public sealed record MachinePeak(string Device, int Threads, double GigaflopsPerSecond, double GigabytesPerSecond);
