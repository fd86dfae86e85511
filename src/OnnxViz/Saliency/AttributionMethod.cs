namespace OnnxViz.Saliency;

/// <summary>One way to trace a score back to the picture.</summary>
internal abstract class AttributionMethod
{
    public abstract SaliencyResult Explain(AttributionTask task);
}

/// <summary>One whose result is a map of a layer, [N, 1, h, w].</summary>
internal abstract class LayerMapMethod : AttributionMethod;
