namespace OnnxViz.Saliency.Methods;

/// <summary>Guided backpropagation times Grad-CAM in the shape of the input. Each position of the map becomes a block of pixels, as in Captum.</summary>
public sealed record GuidedGradCam() : LayerMethod("guided-grad-cam", "Guided backpropagation times Grad-CAM.", new("Selvaraju et al.", 2017))
{
    public override SaliencyLook Look => SaliencyLook.Color;

    public override bool IsLayerMap => false;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var maps = new GradCam { Layer = Layer }.Explain(task);
        var guided = new GuidedBackprop().Explain(task);
        var layout = task.Layout;
        var grid = layout.GridOf(maps.Attribution.Dims);
        var rows = Enumerable.Range(0, task.Rows).Select(row =>
        {
            var mask = Mask.StretchNearest(Tensors.Row(maps.Attribution, row), grid, layout);
            return Tensors.Row(guided.Attribution, row).ToArray().Select((g, i) => g * mask[layout.PixelAt(i)]).ToArray();
        });
        return guided with { Attribution = Tensors.Join([.. rows], task.Input.Dims[1..]), MapLayer = maps.MapLayer };
    }
}
