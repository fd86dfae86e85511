using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;

namespace OnnxViz.Tests.Autodiff;

/// <summary>One way to write an activation, its derivative in plain C#, and the bound of its output.</summary>
internal sealed record ReluLikeForm(Func<GraphBuilder, Value, Value> Emit, Func<double, double> Slope, double High = double.PositiveInfinity);

/// <summary>The rectifiers in the forms that exporters give them.</summary>
internal static class ReluLikeForms
{
    public static Dictionary<string, ReluLikeForm> All { get; } = new()
    {
        ["Relu"] = new((b, x) => b.Relu(x), Relu),
        ["Max(x,0)"] = new((b, x) => b.Max(x, Number(b, 0)), x => x == 0 ? 0.5 : Relu(x)),
        ["Where(x>0,x,0)"] = new((b, x) => b.Where(b.Greater(x, Number(b, 0)), x, Number(b, 0)), Relu),
        ["Clip(0,6)"] = new((b, x) => b.Emit("Clip", [x, Number(b, 0), Number(b, 6)]), Relu6, 6),
        ["Clip(0,4)"] = new((b, x) => b.Emit("Clip", [x, Number(b, 0), Number(b, 4)]), x => x is >= 0 and <= 4 ? 1 : 0, 4),
        ["Clip(0,)"] = new((b, x) => b.Emit("Clip", [x, Number(b, 0)]), Relu),
        // PyTorch's relu6 at opset 9, and Keras's ReLU with max_value.
        ["Clip(Relu(x),0,6)"] = new((b, x) => b.Emit("Clip", [b.Relu(x), Number(b, 0), Number(b, 6)]), Relu6, 6),
        ["Min(Relu(x),6)"] = new((b, x) => b.Emit("Min", [b.Relu(x), Number(b, 6)]), x => x is > 0 and < 6 ? 1 : x == 6 ? 0.5 : 0, 6),
        ["LeakyRelu"] = new((b, x) => b.Emit("LeakyRelu", [x], ("alpha", 0.25f)), x => x > 0 ? 1 : 0.25),
        ["Max(x,0.25x)"] = new((b, x) => b.Max(x, b.Mul(x, 0.25f)), x => x > 0 ? 1 : x == 0 ? 0.625 : 0.25),
        ["PRelu"] = new((b, x) => b.Emit("PRelu", [x, Number(b, 0.5f)]), x => x > 0 ? 1 : 0.5),
        // Keras's PReLU by tf2onnx, with a slope for every channel.
        ["Relu(x)-a*Relu(-x)"] = new((b, x) => b.Sub(b.Relu(x), b.Mul(PerChannel(b, 0.5f), b.Relu(b.Neg(x)))), x => x > 0 ? 1 : x == 0 ? 0 : 0.5),
        ["ThresholdedRelu"] = new((b, x) => b.Emit("ThresholdedRelu", [x], ("alpha", 1f)), x => x > 1 ? 1 : 0),
        ["Elu"] = new((b, x) => b.Emit("Elu", [x]), x => x > 0 ? 1 : Math.Exp(x)),
        ["Where(x>0,x,exp(x)-1)"] = new((b, x) => b.Where(b.Greater(x, Number(b, 0)), x, b.Sub(b.Exp(x), Number(b, 1))), x => x > 0 ? 1 : Math.Exp(x)),
        ["Selu"] = new((b, x) => b.Emit("Selu", [x]), Selu),
        ["1.05*Elu(x)"] = new((b, x) => b.Mul(b.Emit("Elu", [x], ("alpha", 1.6732632f)), 1.050701f), Selu),
        ["Celu"] = new((b, x) => b.Emit("Celu", [x], ("alpha", 2f)), x => x > 0 ? 1 : Math.Exp(x / 2)),
        ["HardSwish"] = new((b, x) => b.Emit("HardSwish", [x]), HardSwish),
        ["Mul(x,HardSigmoid(x))"] = new((b, x) => b.Mul(x, b.Emit("HardSigmoid", [x], ("alpha", 1 / 6f))), HardSwish),
        ["x*Clip(x+3,0,6)/6"] = new((b, x) => b.Div(b.Mul(x, b.Emit("Clip", [b.Add(x, Number(b, 3)), Number(b, 0), Number(b, 6)])), Number(b, 6)), HardSwish),
        ["x*(Clip(x+3,0,6)/6)"] = new((b, x) => b.Mul(b.Mul(b.Emit("Clip", [b.Add(Number(b, 3), x), Number(b, 0), Number(b, 6)]), 1 / 6f), x), HardSwish),
        ["Mul(x,Sigmoid(x))"] = new((b, x) => GradientCase.Silu(b, x, swapped: false), x => Swish(x, 1)),
        ["Mul(Sigmoid(x),x)"] = new((b, x) => GradientCase.Silu(b, x, swapped: true), x => Swish(x, 1)),
        ["x/(1+exp(-x))"] = new((b, x) => b.Div(x, b.Add(Number(b, 1), b.Exp(b.Neg(x)))), x => Swish(x, 1)),
        ["Mul(x,Sigmoid(1.702x))"] = new((b, x) => b.Mul(x, b.Sigmoid(b.Mul(x, 1.702f))), x => Swish(x, 1.702)),
        ["Mish"] = new((b, x) => b.Emit("Mish", [x]), Mish),
        ["x*Tanh(Softplus(x))"] = new((b, x) => b.Mul(x, b.Emit("Tanh", [b.Emit("Softplus", [x])])), Mish),
        // PyTorch's order before opset 20, tf2onnx's and Keras's.
        ["x*(1+Erf(x/sqrt2))*0.5"] = new((b, x) => b.Mul(b.Mul(x, Gate(b, b.Div(x, Number(b, 1.4142135f)))), 0.5f), Gelu),
        ["0.5x*(1+Erf(x*sqrt0.5))"] = new((b, x) => b.Mul(b.Mul(x, 0.5f), Gate(b, b.Mul(x, 0.70710677f))), Gelu),
        ["x*(0.5*(1+Erf(x/sqrt2)))"] = new((b, x) => b.Mul(b.Mul(Gate(b, b.Div(x, Number(b, 1.4142135f))), 0.5f), x), Gelu),
        ["0.5x*(1+Tanh(c(x+ax^3)))"] = new(
            (b, x) => b.Mul(b.Mul(x, 0.5f), b.Add(b.Emit("Tanh", [b.Mul(b.Add(x, b.Mul(b.Pow(x, 3), 0.044715f)), 0.7978846f)]), Number(b, 1))), GeluByTanh),
        ["x*(0.5+0.5Tanh(x(c+dx^2)))"] = new(
            (b, x) => b.Mul(x, b.Add(Number(b, 0.5f), b.Mul(b.Emit("Tanh", [b.Mul(x, b.Add(b.Mul(b.Mul(x, x), 0.035677407f), Number(b, 0.7978846f)))]), 0.5f))), GeluByTanh),
    };

    private static Value Number(GraphBuilder b, float number) => b.Constant(number);

    private static Value PerChannel(GraphBuilder b, float number) => b.Constant(Tensor.Of([number, number, number, number], 4, 1, 1));

    private static Value Gate(GraphBuilder b, Value x) => b.Add(b.Emit("Erf", [x]), Number(b, 1));

    private static double Relu(double x) => x > 0 ? 1 : 0;

    private static double Relu6(double x) => x is > 0 and < 6 ? 1 : 0;

    private static double Selu(double x) => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.Exp(x));

    private static double HardSwish(double x) => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5;

    private static double Swish(double x, double steepness)
    {
        var s = 1 / (1 + Math.Exp(-steepness * x));
        return s * (1 + (steepness * x * (1 - s)));
    }

    private static double Mish(double x)
    {
        var t = Math.Tanh(Math.Log(1 + Math.Exp(x)));
        return t + (x * (1 - (t * t)) / (1 + Math.Exp(-x)));
    }

    private static double Gelu(double x) =>
        (0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));

    private static double GeluByTanh(double x)
    {
        var c = Math.Sqrt(2 / Math.PI);
        var t = Math.Tanh(c * (x + (0.044715 * x * x * x)));
        return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * c * (1 + (3 * 0.044715 * x * x)));
    }
}
