using System.Text.Json;

namespace OnnxViz;

/// <summary>
/// A place in a JSON file that anybody may have written or edited. Whatever is asked of it is there, of the right kind and within its bounds, or a
/// <see cref="FormatException"/> says where and why.
/// </summary>
/// <param name="Element">What stands there.</param>
/// <param name="Name">Where: "input.shape[2]"; empty for the whole.</param>
internal readonly record struct JsonField(JsonElement Element, string Name)
{
    /// <summary>Characters of a text: longer ones are no names.</summary>
    private const int LongestText = 1 << 16;

    /// <summary>A field that has to be there, and not null.</summary>
    public JsonField this[string name] => Find(name) ?? throw Wrong(Below(name), "is missing");

    /// <summary>Reads something of a file's content; JSON that is none becomes a <see cref="FormatException"/> as well.</summary>
    /// <param name="json">The whole.</param>
    /// <param name="read">What is read of it.</param>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonField, T> read)
    {
        try
        {
            // What Windows' editors begin a file with.
            using var document = JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);
            return read(new(document.RootElement, ""));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>A field that may be missing or null.</summary>
    public JsonField? Find(string name)
    {
        Require(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? new(found, Below(name)) : null;
    }

    /// <param name="isEmptyAllowed">Whether there may be no letter in it.</param>
    public string Text(bool isEmptyAllowed = false)
    {
        Require(JsonValueKind.String, "a text");
        var text = Element.GetString()!;
        if (text.Length > LongestText) throw Wrong($"is a text of {text.Length} characters");
        return text.Length > 0 || isEmptyAllowed ? text : throw Wrong("is empty");
    }

    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Wrong($"is {Kind}, and has to be true or false");

    /// <summary>A whole number.</summary>
    public long Whole(long least, long most)
    {
        Require(JsonValueKind.Number, "a number");
        return Element.TryGetInt64(out var number) && number >= least && number <= most ? number : throw Wrong($"is {Shown}, and has to be a whole number from {least} to {most}");
    }

    /// <summary>A finite number.</summary>
    public float Real()
    {
        Require(JsonValueKind.Number, "a number");
        return Element.TryGetDouble(out var number) && float.IsFinite((float)number) ? (float)number : throw Wrong($"is {Shown}, and has to be a finite number");
    }

    public IReadOnlyList<JsonField> List()
    {
        Require(JsonValueKind.Array, "a list");
        var (place, fields) = (Name, new List<JsonField>(Element.GetArrayLength()));
        foreach (var element in Element.EnumerateArray()) fields.Add(new(element, $"{place}[{fields.Count}]"));
        return fields;
    }

    public IReadOnlyList<string> Texts() => [.. List().Select(f => f.Text())];

    /// <summary>A SHA-256 in hexadecimal digits.</summary>
    public string Sha256() => Text() is { Length: 64 } text && text.All(char.IsAsciiHexDigit) ? text : throw Wrong("is no SHA-256 of 64 hexadecimal digits");

    /// <summary>One of some words.</summary>
    public string Word(params string[] words) => Text() is var text && words.Contains(text) ? text : throw Wrong($"is '{text}', and has to be {string.Join(" or ", words)}");

    /// <summary>What is thrown where a value does not go with the rest.</summary>
    public FormatException Wrong(string why) => Wrong(Name, why);

    private string Kind => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private string Shown => Element.GetRawText() is { Length: <= 40 } text ? text : "a number of many digits";

    private string Below(string name) => Name.Length == 0 ? name : $"{Name}.{name}";

    private void Require(JsonValueKind kind, string wanted)
    {
        if (Element.ValueKind != kind) throw Wrong($"is {Kind}, and has to be {wanted}");
    }

    private static FormatException Wrong(string name, string why) => new($"{(name.Length == 0 ? "it" : $"'{name}'")} {why}.");
}
