using System.Security.Cryptography;
using System.Text;

namespace OnnxViz;

/// <summary>Names of files that are made of names of layers, pictures and classes, which may have any length.</summary>
internal static class FileNames
{
    /// <summary>Bytes of a name on the file systems of Unix; those of Windows take as many letters.</summary>
    public const int Longest = 255;

    /// <summary>Bytes of a stem, at most: room is left for numbers and extensions.</summary>
    private const int LongestStem = 200;

    private const int HashLetters = 12;

    /// <summary>A stem as it is, or where it is too long its beginning and a hash of it all: other stems have other names.</summary>
    /// <param name="stem">Without an extension.</param>
    /// <param name="most">Bytes of it in UTF-8, at most.</param>
    public static string Short(string stem, int most = LongestStem)
    {
        if (Encoding.UTF8.GetByteCount(stem) <= most) return stem;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stem)))[..HashLetters];
        var (start, bytes) = (new StringBuilder(), HashLetters + 1);
        foreach (var rune in stem.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > most) break;
            start.Append(rune);
        }

        return $"{start}-{hash}";
    }

    /// <summary>A file beside another, called like it but for the end of its name; where that is too long, short.</summary>
    /// <param name="path">The other, with its extension.</param>
    /// <param name="end">What takes the extension's place: "-2.png", ".trace.json".</param>
    public static string Beside(string path, string end) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", Short(Path.GetFileNameWithoutExtension(path), Longest - Encoding.UTF8.GetByteCount(end)) + end);
}
