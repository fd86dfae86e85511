namespace OnnxViz.Cli;

/// <summary>The program's verbs: each is a folder below Verbs and a line here.</summary>
internal static class VerbList
{
    /// <summary>In the order in which help lists them.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(Verbs.Demo.DemoVerb),
        typeof(Verbs.Summary.SummaryVerb),
        typeof(Verbs.Predict.PredictVerb),
        typeof(Verbs.Activations.ActivationsVerb),
        typeof(Verbs.Kernels.KernelsVerb),
        typeof(Verbs.Saliency.SaliencyVerb),
        typeof(Verbs.Segment.SegmentVerb),
        typeof(Verbs.Deconv.DeconvVerb),
        typeof(Verbs.Top.TopVerb),
        typeof(Verbs.Evolve.EvolveVerb),
        typeof(Verbs.Maximize.MaximizeVerb),
        typeof(Verbs.Invert.InvertVerb),
        typeof(Verbs.Train.TrainVerb),
        typeof(Verbs.Prepare.PrepareVerb),
        typeof(Verbs.CheckGrad.CheckGradVerb),
        typeof(Verbs.Coverage.CoverageVerb),
        typeof(Verbs.Merge.MergeVerb),
        typeof(Verbs.Compare.CompareVerb),
        typeof(Verbs.Diff.DiffVerb),
        typeof(Verbs.Manifests.ManifestVerb),
        typeof(Verbs.Replay.ReplayVerb),
        typeof(Verbs.Verify.VerifyVerb),
        typeof(Verbs.Models.ModelsVerb),
        typeof(Verbs.Pull.PullVerb),
        typeof(Verbs.Doctor.DoctorVerb),
    ];
}
