using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>Operators that read a picture at places of their own: unpooling, regions, deformed windows, sequences turned round.</summary>
public class RegionGradientTests
{
    private const string Regions = "f32[3,4]=0.3,0.6,5.2,4.1,-1.4,-0.7,3.3,8.5,2.2,1.1,2.9,1.9 i64[3]=1,0,1";

    [Theory]
    [InlineData("MaxUnpool", "[1,2,2,2] i64[1,2,2,2]=0,3,9,14,17,18,25,31", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("MaxUnpool", "[1,2,2,2] i64[1,2,2,2]=0,3,9,14,21,22,35,39 i64[4]=1,2,5,4", "kernel_shape=[2,2] strides=[2,2]")]
    [InlineData("ReverseSequence", "[4,3,2] i64[3]=4,2,1", "")]
    [InlineData("ReverseSequence", "[3,4,2] @i64[3]=4,2,3", "batch_axis=0 time_axis=1")]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "output_height=2 output_width=3 sampling_ratio=2")]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "output_height=2 output_width=3 sampling_ratio=0")]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "output_height=3 output_width=2 sampling_ratio=2 spatial_scale=0.75 coordinate_transformation_mode=output_half_pixel")]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "output_height=1 output_width=2 spatial_scale=1.5 coordinate_transformation_mode=output_half_pixel")]
    [InlineData("RoiAlign", "[1,3,4,4] f32[1,4]=0.5,0.5,3.5,3.5 i64[1]=0", "")]
    [InlineData("DeformConv", "[1,2,5,6] ~[3,2,3,3] ~[1,18,5,6]", "pads=[1,1,1,1] opset=19")]
    [InlineData("DeformConv", "[2,4,5,6] ![6,2,3,2] ~[2,24,3,3] [6] [2,12,3,3]", "pads=[1,0,1,1] strides=[2,2] group=2 offset_group=2 opset=19")]
    [InlineData("DeformConv", "[1,2,6,6] ~[2,2,2,2] ~[1,16,4,4] [2] [1,8,4,4]", "dilations=[2,2] offset_group=2 opset=19")]
    public void Linear(string op, string inputs, string attributes) => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "mode=max output_height=2 output_width=3 sampling_ratio=2")]
    [InlineData("RoiAlign", "[2,2,5,6] " + Regions, "mode=max output_height=2 output_width=3 sampling_ratio=0")]
    [InlineData("DeformConv", "~[1,2,5,5] ~[2,2,3,3] [1,18,3,3]", "opset=19", "0.1..0.9")]
    [InlineData("DeformConv", "~[1,4,5,5] ~[2,2,2,2] [1,16,4,4] - ~[1,8,4,4]", "group=2 offset_group=2 opset=19", "0.1..0.9")]
    public void Kinked(string op, string inputs, string attributes, string range = "0.1..1") => GradientCheck.Kinked(op, inputs, attributes, range);

    /// <summary>Weighted elements lie closer to each other than the elements do, so the steps have to be small.</summary>
    [Theory]
    [InlineData("mode=max output_height=3 output_width=2 sampling_ratio=1 spatial_scale=0.75 coordinate_transformation_mode=output_half_pixel")]
    [InlineData("mode=max output_height=2 output_width=2 sampling_ratio=0 spatial_scale=1.25")]
    public void The_largest_of_a_region_has_the_gradient(string attributes)
    {
        var tested = GradientCase.Parse("RoiAlign", "[2,2,5,6] " + Regions, attributes, "0.1..1", 1, 3);
        GradientCheck.Function(tested.Text, tested.Function, tested.Inputs, step: 0.0004, tolerance: 2e-3);
    }
}
