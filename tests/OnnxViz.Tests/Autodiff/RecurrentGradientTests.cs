using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Graphs.Recurrent;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>Differences of ONNX Runtime's own operators against the gradient of what they are made of (PyTorch's are among those of weights).</summary>
public class RecurrentGradientTests
{
    [Theory]
    [InlineData("LSTM", "![4,2,3] +[1,8,3] ~[1,8,2] ~[1,16]", "hidden_size=2", 3)]
    [InlineData("LSTM", "![4,2,3] +[1,8,3] ~[1,8,2]", "hidden_size=2 direction=reverse", 1)]
    [InlineData("LSTM", "![1,2,3] +[1,8,3] ~[1,8,2]", "hidden_size=2", 3)]
    [InlineData("LSTM", "![3,2,3] +[2,8,3] ~[2,8,2] ~[2,16] - ![2,2,2] ![2,2,2] ~[2,6]", "hidden_size=2 direction=bidirectional", 3)]
    [InlineData("LSTM", "![3,2,3] +[1,8,3] ~[1,8,2] ~[1,16] - - ![1,2,2] ![1,6]", "hidden_size=2 input_forget=1", 3)]
    [InlineData("LSTM", "![4,3,2] +[2,8,2] ~[2,8,2] ~[2,16] i32[3]=2,4,1", "hidden_size=2 direction=bidirectional", 3)]
    [InlineData("LSTM", "![4,3,2] +[1,8,2] ~[1,8,2] ~[1,16] @i32[3]=2,4,1 ![1,3,2] ![1,3,2]", "hidden_size=2 direction=reverse", 3)]
    [InlineData("GRU", "![4,2,3] +[1,6,3] ~[1,6,2] ~[1,12]", "hidden_size=2", 2)]
    [InlineData("GRU", "![4,2,3] +[1,6,3] ~[1,6,2] ~[1,12]", "hidden_size=2 linear_before_reset=1", 2)]
    [InlineData("GRU", "![4,2,3] +[1,6,3] ~[1,6,2]", "hidden_size=2 linear_before_reset=1 direction=reverse", 2)]
    [InlineData("GRU", "![3,2,3] +[2,6,3] ~[2,6,2] ~[2,12] - ![2,2,2]", "hidden_size=2 direction=bidirectional linear_before_reset=1", 2)]
    [InlineData("GRU", "![3,2,3] +[2,6,3] ~[2,6,2] ~[2,12] i32[2]=3,2 ![2,2,2]", "hidden_size=2 direction=bidirectional", 2)]
    [InlineData("RNN", "![4,2,3] +[1,2,3] ~[1,2,2] ~[1,4]", "hidden_size=2", 2)]
    [InlineData("RNN", "![3,2,3] +[2,2,3] ~[2,2,2] ~[2,4] i32[2]=1,3 ![2,2,2]", "hidden_size=2 direction=bidirectional activations=[Tanh,Sigmoid]", 2)]
    [InlineData("RNN", "![3,2,3] +[1,2,3] ~[1,2,2]", "hidden_size=2 direction=reverse activations=[Affine] activation_alpha=[0.7] activation_beta=[0.2]", 2)]
    public void Smooth(string op, string inputs, string attributes, int outputs) => GradientCheck.Smooth(op, inputs, attributes, outputs: outputs);

    [Theory]
    [InlineData("GRU", "![3,1,2] +[1,6,2] ~[1,6,2] ~[1,12]", "hidden_size=2 activations=[HardSigmoid,Relu]", 2)]
    [InlineData("RNN", "![3,2,2] +[1,2,2] ~[1,2,2] ~[1,4]", "hidden_size=2 activations=[Relu]", 2)]
    public void Kinked(string op, string inputs, string attributes, int outputs) => GradientCheck.Kinked(op, inputs, attributes, outputs: outputs);

    /// <summary>What the gradient is taken of is what ONNX Runtime computes, in each of its outputs.</summary>
    [Theory]
    [InlineData("LSTM", "[5,2,3] ~[2,8,3] ~[2,8,2] ~[2,16] i32[2]=5,3 [2,2,2] [2,2,2] ~[2,6]", "hidden_size=2 direction=bidirectional", 3)]
    [InlineData("LSTM", "[5,2,3] ~[1,8,3] ~[1,8,2] ~[1,16]", "hidden_size=2 clip=0.3", 3)]
    [InlineData("LSTM", "[5,2,3] ~[1,8,3] ~[1,8,2] ~[1,16] - [1,2,2] [1,2,2] ~[1,6]", "hidden_size=2 clip=0.3 input_forget=1", 3)]
    [InlineData("GRU", "[5,2,3] ~[2,6,3] ~[2,6,2] ~[2,12] i32[2]=5,3 [2,2,2]", "hidden_size=2 direction=bidirectional", 2)]
    [InlineData("GRU", "[5,2,3] ~[1,6,3] ~[1,6,2] ~[1,12]", "hidden_size=2 clip=0.3 linear_before_reset=1", 2)]
    [InlineData("RNN", "[5,2,3] ~[1,2,3] ~[1,2,2] ~[1,4] - [1,2,2]", "hidden_size=2 direction=reverse clip=0.5", 2)]
    [InlineData("LSTM", "[3,2,3] ~[1,8,3] ~[1,8,2] ~[1,16]", "hidden_size=2 activations=[Softsign,ScaledTanh,Softplus] activation_alpha=[1.5] activation_beta=[0.5]", 3)]
    [InlineData("LSTM", "[3,1,2] ~[1,8,2] ~[1,8,2]", "hidden_size=2 activations=[HardSigmoid,Elu,LeakyRelu] activation_alpha=[0.25,0.9,0.2] activation_beta=[0.4]", 3)]
    [InlineData("RNN", "[3,4,2] ~[1,2,2] ~[1,2,2] ~[1,4]", "hidden_size=2 clip=0.5 activations=[ThresholdedRelu] activation_alpha=[0.1]", 2)]
    public void Unrolled_it_is_the_same(string op, string inputs, string attributes, int outputs)
    {
        var tested = GradientCase.Parse(op, inputs, attributes, "-1..1", outputs, 7);
        using var own = new TinyGraph(tested.Function, tested.Inputs);
        using var unrolled = new TinyGraph((b, x) => Recurrence.Unrolled(b, tested.Function(b, x)[0].Producer!), tested.Inputs);
        var (expected, found) = (own.Forward(tested.Inputs), unrolled.Forward(tested.Inputs));
        Assert.Equal(own.Outputs.Select(o => o.Dims), unrolled.Outputs.Select(o => o.Dims));
        for (var i = 0; i < expected.Length; i++) Near.Each($"{tested.Text}, output {i}", expected[i], found[i], 1e-6);
    }

    /// <summary>ONNX Runtime has no kernel of layout 1, so that it becomes layout 0 between transpositions.</summary>
    [Theory]
    [InlineData("LSTM", 8, 3)]
    [InlineData("GRU", 6, 2)]
    [InlineData("RNN", 2, 2)]
    public void With_the_batch_first_it_is_the_same_transposed(string op, int rows, int outputs)
    {
        var random = new Random(3);
        Tensor x = TinyTensors.Random(ElementType.Float, random, [5, 2, 3]), w = TinyTensors.Random(ElementType.Float, random, [1, rows, 3]), r = TinyTensors.Random(ElementType.Float, random, [1, rows, 2]);
        var batchFirst = Model(1);
        using var first = new TinyGraph((b, xs) => [.. batchFirst.Outputs.Select(Inlined(b, xs[0]))], [x]);
        using var last = new TinyGraph((b, xs) =>
        {
            var y = Node(b, b.Transpose(xs[0], 1, 0, 2), 0);
            return [b.Transpose(y[0], 2, 0, 1, 3), .. y[1..].Select(v => b.Transpose(v, 1, 0, 2))];
        }, [x]);
        for (var i = 0; i < outputs; i++)
        {
            Assert.Equal(last.Outputs[i].Dims, first.Outputs[i].Dims);
            Near.Each($"{op}, output {i}", last.Forward([x])[i], first.Forward([x])[i], 0);
        }

        Func<Value, Value> Inlined(GraphBuilder b, Value input)
        {
            var map = b.Inline(batchFirst, new Dictionary<Value, Value> { [batchFirst.Inputs[0]] = input }, batchFirst.Outputs);
            return y => map[y];
        }

        Graph Model(long layout)
        {
            var b = new GraphBuilder();
            foreach (var y in Node(b, b.Input("x", ElementType.Float, 5, 2, 3), layout)) b.Output("y", y);
            return b.Build();
        }

        Value[] Node(GraphBuilder b, Value input, long layout) =>
            b.Node(op, [input, b.Constant(w), b.Constant(r)], new Dictionary<string, object> { ["hidden_size"] = 2L, ["layout"] = layout }, outputs);
    }

    [Theory]
    [InlineData("LSTM", "[4,2,3] ~[1,8,3] ~[1,8,3]", "hidden_size=2", "hidden_size: 3 is not 2")]
    [InlineData("LSTM", "[4,2,3] ~[1,8,4] ~[1,8,2]", "hidden_size=2", "dimension 2 of input 1: 4 is not 3")]
    [InlineData("GRU", "[4,2,3] ~[1,6,3] ~[1,6,2] ~[1,6]", "hidden_size=2", "dimension 1 of input 3: 6 is not 12")]
    [InlineData("GRU", "[4,2] ~[1,6,3] ~[1,6,2]", "hidden_size=2", "input 0 must have 3 dimensions")]
    [InlineData("RNN", "[4,2,3] ~[1,2,3] ~[1,2,2]", "direction=sideways", "direction is 'sideways'")]
    [InlineData("RNN", "[4,2,3] ~[1,2,3] ~[1,2,2]", "activations=[Swish]", "has the activation 'Swish', which is not known")]
    [InlineData("RNN", "[4,2,3] ~[1,2,3] ~[1,2,2]", "activations=[Tanh,Tanh]", "has 2 activations, it must have 1")]
    [InlineData("RNN", "[90000,2,3] ~[1,2,3] ~[1,2,2]", "", "has 90000 steps, too many")]
    [InlineData("RNN", "[0,2,3] ~[1,2,3] ~[1,2,2]", "", "runs over nothing")]
    [InlineData("RNN", "[?,2,3] ~[1,2,3] ~[1,2,2]", "", "runs over a length that is known only when the model runs")]
    public void What_does_not_fit_is_said(string op, string inputs, string attributes, string message)
    {
        var builder = new GraphBuilder();
        var values = inputs.Split(' ').Select((word, i) => TextNode.Input(word.TrimStart('~'))! is var v ? builder.Input($"x{i}", v.Type, v.Dims!) : null!).ToArray();
        var error = Assert.Throws<OnnxVizException>(() => Recurrence.Unrolled(builder, builder.Node(op, values, TextNode.Attributes(attributes))[0].Producer!));
        Assert.Contains(message, error.Message);
        Assert.Equal(Fault.Input, error.Fault);
    }
}
