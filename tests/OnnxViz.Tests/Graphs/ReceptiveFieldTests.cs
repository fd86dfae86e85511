using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Fields;
using Xunit;

namespace OnnxViz.Tests.Graphs;

public class ReceptiveFieldTests
{
    private readonly GraphBuilder _b = new();
    private readonly Value _image;

    public ReceptiveFieldTests() => _image = _b.Input("image", ElementType.Float, 1, 3, 32, 40);

    [Fact]
    public void Windows_add_up()
    {
        var x = Conv(_image, 7, stride: 2, pad: 3);
        x = Pool(x, 3, stride: 2, pad: 1);
        Assert.Equal((new ReceptiveField(-5, 11, 4), new ReceptiveField(-5, 11, 4)), Fields(x));
        x = Conv(x, 3, dilation: 2, pad: 2);
        Assert.Equal(new ReceptiveField(-13, 27, 4), Fields(x).Height);
    }

    [Fact]
    public void Height_and_width_are_apart()
    {
        var x = Emit("AveragePool", [_image], ("kernel_shape", new long[] { 1, 5 }), ("strides", new long[] { 1, 3 }), ("pads", new long[] { 0, 2, 0, 2 }));
        Assert.Equal((new ReceptiveField(0, 1, 1), new ReceptiveField(-2, 5, 3)), Fields(x));
    }

    [Theory]
    [InlineData("SAME_UPPER", 0)]
    [InlineData("SAME_LOWER", -1)]
    public void Automatic_padding_depends_on_the_size(string mode, double start)
    {
        // 32 rows, kernel 3, stride 2: one row of padding.
        var x = Emit("MaxPool", [_image], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("auto_pad", mode));
        Assert.Equal(new ReceptiveField(start, 3, 2), Fields(x).Height);
    }

    [Fact]
    public void A_skip_sees_what_its_widest_branch_sees()
    {
        var x = Conv(_image, 1);
        var sum = _b.Add(x, Conv(Conv(x, 3, pad: 1), 3, pad: 1));
        Assert.Equal(new ReceptiveField(-2, 5, 1), Fields(sum).Height);
        var joined = _b.Concat(1, _image, Conv(_image, 5, pad: 2), Pool(_image, 3, pad: 1));
        Assert.Equal(new ReceptiveField(-2, 5, 1), Fields(joined).Height);
    }

    [Fact]
    public void Pooling_everything_sees_everything_and_so_does_what_it_gates()
    {
        var x = Conv(_image, 3, stride: 2);
        var pooled = _b.Emit("GlobalAveragePool", [x]);
        Assert.Equal((new ReceptiveField(0, 31, 30), new ReceptiveField(0, 39, 38)), Fields(pooled));
        var gated = Fields(_b.Mul(x, _b.Sigmoid(pooled))).Height;
        Assert.True(gated.IsUnbounded);
        Assert.Equal(2, gated.Jump);
        Assert.Equal((0, 32), gated.Pixels(7, 32));
        Assert.Equal(new ReceptiveField(0, 31, 30), Fields(_b.Emit("Flatten", [x])).Height);
    }

    [Fact]
    public void Pads_and_crops_move_the_start()
    {
        var x = _b.Slice(_b.Pad(_image, [0, 0, 2, 0, 0, 0, 1, 0]), [5, -8], [100, 100], [2, 3], [3, 2]);
        Assert.Equal((new ReceptiveField(3, 1, 3), new ReceptiveField(32, 1, 2)), Fields(x));
        var reflected = Emit("Pad", [_image, _b.Longs(0, 0, 2, 2, 0, 0, 2, 2)], ("mode", "reflect"));
        Assert.Equal(new ReceptiveField(-6, 9, 1), Fields(reflected).Height);
    }

    [Fact]
    public void Dimensions_are_followed_where_they_go()
    {
        var shuffled = _b.Reshape(_b.Transpose(_b.Reshape(Conv(_image, 3), 1, 2, 2, 30, 38), 0, 2, 1, 3, 4), 1, 4, 30, 38);
        Assert.Equal(new ReceptiveField(0, 3, 1), Fields(shuffled).Width);
        var back = _b.Transpose(_b.Transpose(Conv(_image, 3), 0, 2, 3, 1), 0, 3, 1, 2);
        Assert.Equal(new ReceptiveField(0, 5, 1), Fields(Conv(back, 3)).Width);
        var mean = _b.ReduceMean(Conv(_image, 3), [2], keep: false);
        Assert.Equal((new ReceptiveField(0, 32, 30), new ReceptiveField(0, 3, 1)), Fields(mean));
    }

    [Fact]
    public void Channels_last_pictures_are_known_by_their_shape()
    {
        var b = new GraphBuilder();
        var image = b.Input("image", ElementType.Float, 1, 32, 40, 3);
        var first = b.Transpose(image, 0, 3, 1, 2);
        b.Graph.Outputs.Add(b.Emit("MaxPool", [first], ("kernel_shape", new long[] { 2, 4 })));
        var (height, width) = ReceptiveFields.Of(b.Graph).Of(b.Graph.Outputs[0])!.Value;
        Assert.Equal((2, 4), (height.Size, width.Size));
    }

    [Fact]
    public void An_operator_nobody_knows_may_see_everything()
    {
        var x = _b.Emit("InstanceNormalization", [_image, _b.Constant(Ones(3)), _b.Constant(Ones(3))]);
        Assert.True(Fields(x).Height.IsUnbounded);
        Assert.True(Fields(Conv(x, 3)).Height.IsUnbounded);
    }

    [Fact]
    public void Upsampling_divides_the_jump()
    {
        var x = Pool(_image, 4, stride: 4);
        var nearest = Emit(
            "Resize", [x, null, _b.Constant(Tensor.Of([1f, 1, 2, 2], 4))], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"));
        Assert.Equal(2, Fields(nearest).Height.Jump);
        // Rows 0 and 1 are copies of pooled row 0, that is of pixels 0 to 3; rows 2 and 3 of pixels 4 to 7.
        foreach (var (row, first) in new[] { (0, 0), (1, 0), (2, 4), (3, 4) })
        {
            var (from, count) = Fields(nearest).Height.Pixels(row, 32);
            Assert.True(from <= first && from + count >= first + 4, $"Row {row} sees {from}+{count}.");
        }
    }

    [Theory]
    [InlineData(4, 2, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(5, 3, 2)]
    public void A_transposed_convolution_sees_the_inputs_that_reach_it(int kernel, int stride, int pad)
    {
        var weight = _b.Constant(Ones(3, 4, kernel, kernel));
        var x = Emit("ConvTranspose", [_image, weight], ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
        var field = Fields(x).Height;
        for (var o = 0; o < 12; o++)
        {
            var reaching = Enumerable.Range(0, 32).Where(i => o + pad - i * stride is var tap && tap >= 0 && tap < kernel).ToList();
            Assert.Equal((reaching[0], reaching.Count), field.Pixels(o, 32));
        }
    }

    [Fact]
    public void Pixels_are_cut_at_the_border()
    {
        var field = new ReceptiveField(-5, 11, 4);
        Assert.Equal((0, 6), field.Pixels(0, 32));
        Assert.Equal((3, 11), field.Pixels(2, 32));
        Assert.Equal((27, 5), field.Pixels(8, 32));
    }

    private (ReceptiveField Height, ReceptiveField Width) Fields(Value value)
    {
        _b.Graph.Outputs.Clear();
        _b.Graph.Outputs.Add(value);
        return ReceptiveFields.Of(_b.Graph).Of(value)!.Value;
    }

    private Value Conv(Value x, int kernel, int stride = 1, int pad = 0, int dilation = 1) => Emit(
        "Conv", [x, _b.Constant(Ones(4, x.Dims![1], kernel, kernel))],
        ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("dilations", new long[] { dilation, dilation }));

    private Value Pool(Value x, int kernel, int stride = 1, int pad = 0) => Emit(
        "MaxPool", [x],
        ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));

    private Value Emit(string op, Value?[] inputs, params (string, object)[] attributes) => _b.Emit(op, inputs, attributes);

    private static Tensor Ones(params long[] dims) =>
        Tensor.Of(Enumerable.Repeat(1f, (int)Shapes.Count(dims)).ToArray(), dims);
}
