using System.Security.Cryptography;
using OnnxViz.Caching;
using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Caching;

/// <summary>Hashes of files that were hashed before: kept while the file is the same, and never told of another content.</summary>
public sealed class FileHashTests : IDisposable
{
    private const int Large = 2 << 20;

    private static readonly TimeSpan UntilSettled = TimeSpan.FromSeconds(2.2);

    private readonly TemporaryFolder _folder = new();
    private readonly CacheFolder _cache;

    public FileHashTests() => _cache = new CacheFolder(_folder["cache"]);

    [SkippableFact]
    public void A_file_that_has_not_changed_is_not_read_again()
    {
        var path = _folder.Write("model", Bytes(1));
        Settle();
        Assert.Equal(HashOf(Bytes(1)), Hash(path));
        var entry = Assert.Single(Entries());

        // What the cache says is what is told: the file has not been read.
        var other = new string('a', 64);
        File.WriteAllText(entry, OpenFile.Entry(other));
        Assert.Equal(other, Hash(path));
        // What it cannot have said is not believed, and written anew.
        foreach (var damaged in new[] { other, OpenFile.Entry(other).ToUpperInvariant(), "b" + OpenFile.Entry(other)[1..], OpenFile.Entry(other)[..^1] + "g" })
        {
            File.WriteAllText(entry, damaged);
            Assert.Equal(HashOf(Bytes(1)), Hash(path));
            Assert.Equal(OpenFile.Entry(HashOf(Bytes(1))), File.ReadAllText(entry));
        }
    }

    [SkippableFact]
    public void Another_content_of_the_same_size_and_time_has_its_own_hash()
    {
        var path = _folder.Write("model", Bytes(1));
        var written = File.GetLastWriteTimeUtc(path);
        Settle();
        Assert.Equal(HashOf(Bytes(1)), Hash(path));
        Assert.Single(Entries());

        File.WriteAllBytes(path, Bytes(2));
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(HashOf(Bytes(2)), Hash(path));
        Settle();
        Assert.Equal(HashOf(Bytes(2)), Hash(path));

        // Another file in its place, older than the first.
        File.Move(_folder.Write("other", Bytes(3)), path, overwrite: true);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(HashOf(Bytes(3)), Hash(path));
    }

    [SkippableFact]
    public void What_was_written_a_moment_ago_is_hashed_each_time()
    {
        var path = _folder.Write("model", Bytes(1));
        Assert.Equal(HashOf(Bytes(1)), Hash(path));
        Assert.Empty(Entries());
    }

    [Fact]
    public void Small_files_are_hashed_each_time()
    {
        var path = _folder.Write("model", new byte[1000]);
        if (OperatingSystem.IsLinux()) Thread.Sleep(UntilSettled);
        Assert.Equal(HashOf(new byte[1000]), Hash(path));
        Assert.Empty(Entries());
    }

    public void Dispose() => _folder.Dispose();

    private static void Settle()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux is asked for the time of the last change.");
        Thread.Sleep(UntilSettled);
    }

    private static byte[] Bytes(byte value) => Enumerable.Repeat(value, Large).ToArray();

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string[] Entries() => Directory.Exists(_folder["cache"]) ? Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories) : [];

    private string Hash(string path)
    {
        using var file = OpenFile.At(path);
        return file.Sha256(_cache);
    }
}
