using System.Globalization;
using System.Text;

namespace OnnxViz.Models.Metadata;

/// <summary>
/// Reads what str() of a Python value writes into metadata - dictionaries, lists, tuples, texts, numbers, True, False, None - and JSON,
/// which is nearly the same.
/// </summary>
internal sealed class Literal
{
    private const int LongestText = 1 << 20, Deepest = 16;

    private readonly string _text;
    private int _at;

    private Literal(string text) => _text = text;

    /// <returns>A dictionary (of objects), a list (of objects), a string, a double, a bool, or null.</returns>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static object? Parse(string text)
    {
        if (text.Length > LongestText) throw new FormatException($"it has {text.Length} characters");
        var reader = new Literal(text);
        var value = reader.Value(0);
        reader.Space();
        return reader._at == text.Length ? value : throw reader.Broken();
    }

    /// <summary>A list of numbers, or one number as a list.</summary>
    public static float[] Numbers(object? value) => value switch
    {
        double number => [(float)number],
        List<object?> list when list.TrueForAll(n => n is double) => [.. list.Select(n => (float)(double)n!)],
        _ => throw new FormatException("numbers are needed"),
    };

    private object? Value(int depth)
    {
        if (depth > Deepest) throw new FormatException("it is too deep");
        Space();
        return Peek() switch
        {
            '{' => Dictionary(depth),
            '[' => List(']', depth),
            '(' => List(')', depth),
            '\'' or '"' => Text(),
            _ => Word(),
        };
    }

    private Dictionary<object, object?> Dictionary(int depth)
    {
        var result = new Dictionary<object, object?>();
        for (_at++; ;)
        {
            Space();
            if (Peek() == '}') break;
            var key = Value(depth + 1) ?? throw Broken();
            Space();
            if (Peek() != ':') throw Broken();
            _at++;
            result[key] = Value(depth + 1);
            if (!GoesOn('}')) break;
        }

        _at++;
        return result;
    }

    private List<object?> List(char end, int depth)
    {
        var result = new List<object?>();
        for (_at++; ;)
        {
            Space();
            if (Peek() == end) break;
            result.Add(Value(depth + 1));
            if (!GoesOn(end)) break;
        }

        _at++;
        return result;
    }

    /// <summary>Behind an element: past a comma, or at the end.</summary>
    private bool GoesOn(char end)
    {
        Space();
        if (Peek() == end) return false;
        if (Peek() != ',') throw Broken();
        _at++;
        return true;
    }

    private string Text()
    {
        var quote = _text[_at++];
        var result = new StringBuilder();
        while (Peek() != quote)
        {
            var letter = _text[_at++];
            result.Append(letter != '\\' ? letter : Escaped());
        }

        _at++;
        return result.ToString();
    }

    private char Escaped()
    {
        var letter = Peek();
        _at++;
        return letter switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => Code(2),
            'u' => Code(4),
            _ => letter,
        };
    }

    private char Code(int digits)
    {
        if (_at + digits > _text.Length || !ushort.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) throw Broken();
        _at += digits;
        return (char)code;
    }

    private object? Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+' or '_')) _at++;
        var word = _text[start.._at];
        return word switch
        {
            "True" or "true" => true,
            "False" or "false" => false,
            "None" or "null" => null,
            _ => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Broken(),
        };
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw new FormatException("it ends too early");

    private void Space()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private FormatException Broken() => new($"it is no Python value and no JSON at character {_at}");
}
