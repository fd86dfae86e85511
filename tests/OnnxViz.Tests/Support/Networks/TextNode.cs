using OnnxViz.Graphs;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>
/// Nodes and tensors written as text, so that a table of cases fits on a line each. Inputs are separated by blanks:
/// [1,3,8,8] is a float32 value of that shape, [?,3] has an open dimension, [...] an open rank, i64[2] another type,
/// i64[2]=4,5 and f32=1.5 are constants, - is an input left out. Attributes are axis=1 alpha=0.5 pads=[1,1] mode=linear activations=[Relu,Tanh].
/// </summary>
internal static class TextNode
{
    private static readonly Dictionary<string, ElementType> Types = new()
    {
        ["f32"] = ElementType.Float,
        ["f64"] = ElementType.Double,
        ["f16"] = ElementType.Float16,
        ["bf16"] = ElementType.BFloat16,
        ["i64"] = ElementType.Int64,
        ["i32"] = ElementType.Int32,
        ["i8"] = ElementType.Int8,
        ["u8"] = ElementType.UInt8,
        ["i16"] = ElementType.Int16,
        ["u16"] = ElementType.UInt16,
        ["bool"] = ElementType.Bool,
        ["?"] = ElementType.Undefined,
    };

    public static Node Parse(string op, string inputs, string attributes, int outputs = 1) => new(
        op,
        "node",
        Array.ConvertAll(Words(inputs), Input),
        [.. Enumerable.Range(0, outputs).Select(i => new Value($"y{i}"))],
        Attributes(attributes));

    public static Dictionary<string, object> Attributes(string text) =>
        Words(text).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => Attribute(pair[1]));

    public static Value? Input(string text)
    {
        if (text == "-") return null;
        var bracket = text.IndexOf('[');
        var end = bracket >= 0 ? bracket : text.IndexOf('=');
        var type = end == 0 ? ElementType.Float : Types[text[..end]];
        var dims = bracket < 0 ? [] : Dims(text[(bracket + 1)..text.IndexOf(']')]);
        var values = text.IndexOf('=');
        var constant = values < 0 ? null : Constant(type, dims!, text[(values + 1)..]);
        return new Value("x") { Type = type, Dims = dims, Constant = constant };
    }

    /// <summary>A value's type and shape in the notation above.</summary>
    public static string Text(Value value) =>
        $"{Name(value.Type)}[{(value.Dims is null ? "..." : Shapes.Text(value.Dims))}]";

    /// <summary>A tensor in the notation above; a scalar has no brackets.</summary>
    public static string Text(Tensor tensor)
    {
        var numbers = tensor.Type is ElementType.Float or ElementType.Float16 or ElementType.BFloat16
            ? tensor.ToFloats().Select(n => n.ToString())
            : tensor.Type == ElementType.Double ? tensor.ToDoubles().Select(n => n.ToString()) : tensor.ToLongs().Select(n => n.ToString());
        var dims = tensor.Dims.Length == 0 ? "" : $"[{string.Join(',', tensor.Dims)}]";
        return $"{Name(tensor.Type)}{dims}={string.Join(',', numbers)}";
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Name(ElementType type) => type == ElementType.Float ? "f32" : Types.First(t => t.Value == type).Key;

    private static long[]? Dims(string text) =>
        text == "..." ? null : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(d => d == "?" ? Shapes.Unknown : long.Parse(d))];

    private static Tensor Constant(ElementType type, long[] dims, string text)
    {
        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return type switch
        {
            ElementType.Float => Tensor.Of(Array.ConvertAll(words, float.Parse), dims),
            ElementType.Double => Tensor.Of(Array.ConvertAll(words, double.Parse), dims),
            ElementType.Float16 => Tensor.Of(Array.ConvertAll(words, Half.Parse), dims),
            ElementType.Int64 => Tensor.Of(Array.ConvertAll(words, long.Parse), dims),
            ElementType.Int32 => Tensor.Of(Array.ConvertAll(words, int.Parse), dims),
            ElementType.Int8 => Tensor.Of(Array.ConvertAll(words, sbyte.Parse), dims),
            ElementType.UInt8 => Tensor.Of(Array.ConvertAll(words, byte.Parse), dims),
            ElementType.Int16 => Tensor.Of(Array.ConvertAll(words, short.Parse), dims),
            ElementType.UInt16 => Tensor.Of(Array.ConvertAll(words, ushort.Parse), dims),
            ElementType.Bool => Tensor.Of(Array.ConvertAll(words, w => w == "1"), dims),
            // The upper half of a float32; the numbers in the cases have no lower half.
            ElementType.BFloat16 => new Tensor(type, dims, () => [.. words.SelectMany(w => BitConverter.GetBytes(float.Parse(w))[2..])]),
            _ => throw new ArgumentException(type.ToString()),
        };
    }

    private static object Attribute(string text) =>
        text.StartsWith('[') ? text.Length > 1 && char.IsLetter(text[1])
            ? text[1..^1].Split(',')
            : text.Contains('.')
            ? Array.ConvertAll(text[1..^1].Split(','), float.Parse)
            : Array.ConvertAll(text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries), long.Parse)
        : Types.Keys.Any(type => text.StartsWith(type + "[") || text.StartsWith(type + "=")) ? Input(text)!.Constant!
        : long.TryParse(text, out var number) ? number
        : float.TryParse(text, out var real) ? real
        : text;
}
