using System.Text.Json;

namespace OnnxViz.Profiling;

/// <summary>What ONNX Runtime's profiler says of a node that ran, or of a run as a whole. Times are microseconds since the session was begun.</summary>
internal sealed record OrtEvent
{
    private const string NodeSuffix = "_kernel_time";

    private readonly ReadOnlyMemory<byte> _line;
    private (long Start, long End) _inputs, _outputs;

    private OrtEvent(ReadOnlyMemory<byte> line) => _line = line;

    /// <summary>Of a node; else of a session.</summary>
    public bool IsNode { get; private set; }

    /// <summary>The node, as ONNX Runtime's optimised graph calls it; "model_run" for a run.</summary>
    public string Name { get; private set; } = "";

    public long Thread { get; private set; }

    public long Start { get; private set; }

    public long Duration { get; private set; }

    public string Operator { get; private set; } = "";

    /// <summary>Such as CPUExecutionProvider.</summary>
    public string Provider { get; private set; } = "";

    /// <summary>Bytes of its inputs and outputs.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that ONNX Runtime's allocator had handed out at most.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Shapes of what is given to the node; null for what is no tensor. Weights that were laid out anew are left out at the end.</summary>
    public IReadOnlyList<long[]?> Inputs => Shapes(_inputs);

    public IReadOnlyList<long[]?> Outputs => Shapes(_outputs);

    public bool IsRun => !IsNode && Name == "model_run";

    /// <summary>The events of a file, one a line; what is no event is passed over.</summary>
    public static IEnumerable<OrtEvent> ReadAll(string path)
    {
        var file = File.ReadAllBytes(path).AsMemory();
        for (int start = 0, end; start < file.Length; start = end + 1)
        {
            var length = file.Span[start..].IndexOf((byte)'\n');
            end = length < 0 ? file.Length : start + length;
            if (TryParse(file[start..end]) is { } found) yield return found;
        }
    }

    /// <param name="line">Kept: shapes are read when they are asked for.</param>
    public static OrtEvent? TryParse(ReadOnlyMemory<byte> line)
    {
        line = line.Trim(" \r,"u8);
        if (line.Length < 2 || line.Span[0] != '{') return null;
        try
        {
            var reader = new Utf8JsonReader(line.Span);
            reader.Read();
            var read = new OrtEvent(line);
            read.Read(ref reader);
            // Nodes have had events for what is done around a kernel, too.
            if (!read.IsNode) return read;
            if (!read.Name.EndsWith(NodeSuffix, StringComparison.Ordinal)) return null;
            read.Name = read.Name[..^NodeSuffix.Length];
            return read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "cat": IsNode = reader.ValueTextEquals("Node"); break;
                case "name": Name = reader.GetString() ?? ""; break;
                case "tid": Thread = reader.GetInt64(); break;
                case "ts": Start = reader.GetInt64(); break;
                case "dur": Duration = reader.GetInt64(); break;
                case "args": Read(ref reader); break;
                case "op_name": Operator = reader.GetString() ?? ""; break;
                case "provider": Provider = reader.GetString() ?? ""; break;
                case "activation_size" or "parameter_size" or "output_size": Bytes += Number(ref reader); break;
                case "mem_in_use_peak": PeakBytes = Number(ref reader); break;
                case "input_type_shape": _inputs = Skipped(ref reader); break;
                case "output_type_shape": _outputs = Skipped(ref reader); break;
                default: reader.Skip(); break;
            }
        }
    }

    private static (long Start, long End) Skipped(ref Utf8JsonReader reader)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return (start, reader.BytesConsumed);
    }

    private static long Number(ref Utf8JsonReader reader) => long.TryParse(reader.GetString(), out var number) ? number : 0;

    /// <summary>[{"float":[1,3,224,224]},{"int64":[8]}]</summary>
    private List<long[]?> Shapes((long Start, long End) place)
    {
        var shapes = new List<long[]?>();
        if (place.End == 0) return shapes;
        var reader = new Utf8JsonReader(_line.Span[(int)place.Start..(int)place.End]);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            long[]? shape = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    reader.Skip();
                    continue;
                }

                var dims = new List<long>();
                while (reader.Read() && reader.TokenType == JsonTokenType.Number) dims.Add(reader.GetInt64());
                shape = [.. dims];
            }

            shapes.Add(shape);
        }

        return shapes;
    }
}
