using OnnxViz.Autodiff;
using OnnxViz.Models;

namespace OnnxViz.Saliency.Methods;

/// <summary>Guided backpropagation times Grad-CAM, whose positions become blocks of pixels as in Captum.</summary>
internal sealed class GuidedGradCam : AttributionMethod
{
    public override SaliencyResult Explain(AttributionTask task)
    {
        var maps = new GradientMap(CamFormulas.GradCam).Explain(task);
        var guided = new PlainGradient(GradientRules.Guided).Explain(task);
        var (h, w) = ((int)maps.Attribution.Dims[2], (int)maps.Attribution.Dims[3]);
        var layout = task.Layout;
        var rows = Enumerable.Range(0, task.Rows).Select(row =>
        {
            var mask = Mask.StretchNearest(Tensors.Row(maps.Attribution, row), h, w, layout);
            return Tensors.Row(guided.Attribution, row).ToArray().Select((g, i) => g * mask[layout.PixelAt(i)]).ToArray();
        });
        return guided with { Attribution = Tensors.Join([.. rows], task.Input.Dims[1..]), MapLayer = maps.MapLayer };
    }
}
