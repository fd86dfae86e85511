using System.Text;
using System.Text.Encodings.Web;

namespace OnnxViz;

/// <summary>
/// Names come from files of strangers: a line break, a terminal's escape sequence or a mark that turns the order of letters round must not reach a screen, a
/// table or a page. What is more than text becomes a question mark.
/// </summary>
internal static class PlainText
{
    private const char Instead = '?';

    /// <summary>Writes names into JSON as they are, but what is more than text as \u and its number: the same names, harmless on a screen.</summary>
    public static JavaScriptEncoder Json { get; } = new JsonEncoder();

    public static string Of(string text)
    {
        var isPlain = true;
        foreach (var rune in text.EnumerateRunes()) isPlain &= IsPlain(rune);
        if (isPlain) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) _ = IsPlain(rune) ? plain.Append(rune) : plain.Append(Instead);
        return $"{plain}";
    }

    /// <summary>Half a surrogate pair is enumerated as U+FFFD.</summary>
    private static bool IsPlain(Rune rune) => !Rune.IsControl(rune) && !IsMark(rune.Value) && rune != Rune.ReplacementChar;

    /// <summary>Marks of direction and their ends, separators of lines and paragraphs, letters without a form that only programs read.</summary>
    private static bool IsMark(int value) => value is 0x061c or 0x200b or 0x200e or 0x200f or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f) or 0xfeff
        or (>= 0xfff9 and <= 0xfffb) or (>= 0xe0000 and <= 0xe007f);

    private sealed class JsonEncoder : JavaScriptEncoder
    {
        public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

        public override bool WillEncode(int unicodeScalar) => IsMark(unicodeScalar) || UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar);

        public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
        {
            var first = UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncode(text, textLength);
            for (var at = 0; at < (first < 0 ? textLength : first); at++)
                if (IsMark(text[at]) || (char.IsHighSurrogate(text[at]) && at + 1 < textLength && IsMark(char.ConvertToUtf32(text[at], text[at + 1])))) return at;
            return first;
        }

        public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
        {
            if (!IsMark(unicodeScalar)) return UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
            var escaped = string.Concat(new Rune(unicodeScalar).ToString().Select(c => $"\\u{(int)c:X4}"));
            numberOfCharactersWritten = escaped.Length <= bufferLength ? escaped.Length : 0;
            for (var i = 0; i < numberOfCharactersWritten; i++) buffer[i] = escaped[i];
            return numberOfCharactersWritten > 0;
        }
    }
}
