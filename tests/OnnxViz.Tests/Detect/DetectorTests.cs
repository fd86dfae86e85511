using OnnxViz.Detect;
using OnnxViz.Models;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Detect;

/// <summary>Every layout of heads: which boxes a picture has, and that what is explained is the class score of the anchor that a box is of.</summary>
public sealed class DetectorTests : IDisposable
{
    private const string Names = "{0: 'person', 1: \"driver's dog\", 2: 'cat'}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yolov8", "0:1 2:0 3:2")]
    // Half as sure that there is anything, the first is behind its neighbour.
    [InlineData("yolov5", "1:1 2:0 3:2")]
    [InlineData("ssd", "0:1 2:0 3:2")]
    [InlineData("ssd with background", "0:1 2:0 3:2")]
    [InlineData("suppressed", "0:1 2:0 3:2")]
    // Each object has one box.
    [InlineData("detr", "0:1 1:1 2:0 3:2")]
    [InlineData("rt-detr", "0:1 1:1 2:0 3:2")]
    [InlineData("yolov10", "0:1 1:1 2:0 3:2")]
    [InlineData("tensorflow", "0:1 1:1 2:0 3:2")]
    [InlineData("yolov8 with masks", "0:1 2:0 3:2", true)]
    [InlineData("yolov8 with poses", "0:1 2:0 3:2", true)]
    [InlineData("yolox", "0:1 2:0 3:2", true)]
    [InlineData("rt-detr rows", "0:1 1:1 2:0 3:2", true)]
    public void Boxes_are_those_that_the_head_means(string layout, string expected, bool isNamed = false)
    {
        var toy = new ToyDetector(layout);
        using var model = toy.Open(_folder, isNamed ? Names : null);
        using var detector = Detector.Of(model);
        Assert.True(detector.IsSure);
        var boxes = detector.Boxes(ToyDetector.Black);
        var wanted = expected.Split(' ').Select(e => e.Split(':')).Select(e => (Anchor: int.Parse(e[0]), Class: int.Parse(e[1]))).ToList();
        foreach (var ((anchor, number), box) in wanted.Zip(boxes))
        {
            Assert.Equal(number + (layout == "ssd with background" ? 1 : 0), box.Class);
            BoxArea[] areas = [new(2, 2, 10, 10), new(3, 2, 11, 10), new(16, 16, 30, 28), new(20, 4, 28, 12)];
            Near.Each(layout, [areas[anchor].Left, areas[anchor].Top, areas[anchor].Right, areas[anchor].Bottom], [box.Area.Left, box.Area.Top, box.Area.Right, box.Area.Bottom], 1e-5);
            Explains(toy, model, box, anchor, number);
        }
    }

    [Theory]
    [InlineData("yolov8")]
    [InlineData("ssd")]
    public void Boxes_of_a_class_are_chosen_by_its_scores(string layout)
    {
        var toy = new ToyDetector(layout);
        using var model = toy.Open(_folder);
        var boxes = Detector.Of(model).Boxes(ToyDetector.Black, new DetectOptions { Class = 0 });
        // The first anchor overlaps the second, which scores more as this class.
        foreach (var (anchor, box) in new[] { 2, 1, 3 }.Zip(boxes)) Explains(toy, model, box, anchor, 0);
        Assert.All(boxes, b => Assert.Equal(0, b.Class));
    }

    [Fact]
    public void How_much_boxes_may_overlap_is_an_option()
    {
        var toy = new ToyDetector("yolov8");
        using var model = toy.Open(_folder);
        var boxes = Detector.Of(model).Boxes(ToyDetector.Black, new DetectOptions { Iou = 0.8 });
        foreach (var ((anchor, number), box) in new[] { (0, 1), (1, 1), (2, 0) }.Zip(boxes)) Explains(toy, model, box, anchor, number);
    }

    [Theory]
    [InlineData("yolov8")]
    [InlineData("yolov5")]
    [InlineData("yolov10")]
    [InlineData("ssd")]
    public void Another_class_of_the_same_anchor_may_be_subtracted(string layout)
    {
        var toy = new ToyDetector(layout);
        using var model = toy.Open(_folder);
        var box = Detector.Of(model).Boxes(ToyDetector.Black, minus: 2).First(b => b.Class == 0);
        var gradient = model.Explain(ToyDetector.Black, new Gradient(), box.Target).Attribution.ToFloats();
        Assert.Equal([(ToyDetector.Pixel(2, 0), ToyDetector.Weight(2, 0)), (ToyDetector.Pixel(2, 2), -ToyDetector.Weight(2, 2))], gradient.Index().Where(g => g.Item != 0));
    }

    [Theory]
    [InlineData("yolov8")]
    [InlineData("yolov5")]
    [InlineData("yolov10")]
    public void Names_in_the_metadata_are_those_of_the_classes(string layout)
    {
        using var model = new ToyDetector(layout).Open(_folder, Names);
        Assert.Equal(["person", "driver's dog", "cat"], model.Labels!);
        Assert.Equal(1, Detector.Of(model).Boxes(ToyDetector.Black)[0].Class);
        Assert.True(Detector.Of(model).IsSure);
    }

    [Fact]
    public void A_classifier_is_no_detector()
    {
        using var model = VisionModel.Open(Repository.Carried("efficientnet-lite0.onnx"));
        Assert.Null(Detector.Find(model));
        Assert.Contains("no outputs that are known as boxes", Assert.Throws<OnnxVizException>(() => Detector.Of(model)).Message);
    }

    /// <summary>The gradient of a box's score is that of this anchor's class, and nothing else.</summary>
    private static void Explains(ToyDetector toy, VisionModel model, DetectedBox box, int anchor, int number)
    {
        var result = model.Explain(ToyDetector.Black, new Gradient(), box.Target);
        var (pixel, slope) = Assert.Single(result.Attribution.ToFloats().Index(), g => g.Item != 0);
        Assert.Equal(ToyDetector.Pixel(anchor, number), pixel);
        Assert.Equal(toy.Scale * ToyDetector.Weight(anchor, number), slope, 1e-5);
    }
}
