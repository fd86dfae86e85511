using System.Text;
using OnnxViz.Caching;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Caching;

public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["cache"];

    [Fact]
    public void What_was_kept_is_found_by_another_instance_under_its_kind_and_key_alone()
    {
        new CacheFolder(Place).Write("hash", "a/b: c\n\0é", [1, 2, 3]);
        var later = new CacheFolder(Place);

        Assert.Equal([1, 2, 3], later.Read("hash", "a/b: c\n\0é"));
        Assert.Null(later.Read("hash", "a/b: c"));
        Assert.Null(later.Read("plan", "a/b: c\n\0é"));
        Assert.Equal(3, later.Size);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(later.PathOf("hash", "a/b: c\n\0é")!));
    }

    [Fact]
    public void The_last_content_counts_and_nothing_else_lies_there()
    {
        var cache = new CacheFolder(Place);
        cache.Write("hash", "key", [1]);
        cache.Write("hash", "key", [2, 3]);

        Assert.Equal([2, 3], cache.Read("hash", "key"));
        Assert.Single(Directory.GetFiles(Place, "*", SearchOption.AllDirectories));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Place));
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept()
    {
        var cache = new CacheFolder(null);
        cache.Write("hash", "key", [1]);

        Assert.Null(cache.Read("hash", "key"));
        Assert.Null(cache.PathOf("hash", "key"));
        Assert.Equal(0, cache.Size);
    }

    [Fact]
    public void Where_no_entry_can_lie_nothing_is_kept_and_nothing_fails()
    {
        _folder.Write("cache", [1, 2, 3]);
        foreach (var place in new[] { Place, Path.Combine(Place, "below"), _folder["a\0b"] })
        {
            var cache = new CacheFolder(place);
            cache.Write("hash", "key", [1]);
            Assert.Null(cache.Read("hash", "key"));
            Assert.Equal(0, cache.Size);
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Place));
    }

    [Fact]
    public void Folders_and_files_without_content_in_the_place_of_an_entry_are_no_entries()
    {
        var cache = new CacheFolder(Place);
        Directory.CreateDirectory(cache.PathOf("hash", "folder")!);
        File.WriteAllBytes(cache.PathOf("hash", "empty")!, []);

        Assert.Null(cache.Read("hash", "folder"));
        Assert.Null(cache.Read("hash", "empty"));
        cache.Write("hash", "folder", [1]);
        cache.Write("hash", "empty", [1]);
        Assert.Null(cache.Read("hash", "folder"));
        Assert.Equal([1], cache.Read("hash", "empty"));
    }

    [SkippableFact]
    public void A_disk_that_may_not_be_written_to_can_be_read()
    {
        using var disk = TinyDisk.Mount(Place, megabytes: 1);
        var cache = new CacheFolder(Place, most: 3);
        cache.Write("hash", "key", [1, 2]);
        File.SetLastWriteTimeUtc(cache.PathOf("hash", "key")!, DateTime.UtcNow.AddDays(-30));
        disk.BecomeReadOnly();
        cache.Write("hash", "other", [2, 3]);

        Assert.Equal([1, 2], cache.Read("hash", "key"));
        Assert.Null(cache.Read("hash", "other"));
    }

    [SkippableFact]
    public void A_full_disk_keeps_what_it_has()
    {
        using var disk = TinyDisk.Mount(Place, megabytes: 1);
        var cache = new CacheFolder(Place);
        cache.Write("hash", "small", [1, 2]);
        cache.Write("hash", "large", new byte[2 << 20]);

        Assert.Equal([1, 2], cache.Read("hash", "small"));
        Assert.Null(cache.Read("hash", "large"));
        Assert.Single(Directory.GetFiles(Place, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_was_used_last_stays_when_there_is_too_much()
    {
        var cache = new CacheFolder(Place, most: 300);
        foreach (var (key, i) in new[] { "oldest", "old", "used" }.Select((k, i) => (k, i)))
        {
            cache.Write("hash", key, new byte[100]);
            File.SetLastWriteTimeUtc(cache.PathOf("hash", key)!, DateTime.UtcNow.AddDays(-10 - (key == "used" ? 20 : -i)));
        }

        Assert.NotNull(cache.Read("hash", "used"));
        cache.Write("plan", "new", new byte[150]);

        Assert.Equal(["new", "used"], new[] { "new", "used", "old", "oldest" }.Where(k => cache.Read(k == "new" ? "plan" : "hash", k) is not null));
        Assert.Equal(250, cache.Size);
        cache.Write("plan", "too large", new byte[301]);
        Assert.Equal(250, cache.Size);
    }

    [Fact]
    public void Only_entries_go_and_what_dead_processes_left()
    {
        var cache = new CacheFolder(Place, most: 100);
        var mine = Enumerable.Range(0, 4).Select(i => _folder.Write(new[] { "cache/data/train.gz", "cache/hash/notes.cache", "cache/a.cache", "cache/data/more/b.cache" }[i], new byte[1000])).ToArray();
        var entry = cache.PathOf("hash", "key")!;
        var (dead, alive) = (_folder.Write($"cache/hash/{Path.GetFileName(entry)}.0123.tmp", [1]), _folder.Write($"cache/hash/{Path.GetFileName(entry)}.4567.tmp", [1]));
        File.SetLastWriteTimeUtc(dead, DateTime.UtcNow.AddDays(-2));

        cache.Write("hash", "key", new byte[90]);
        cache.Write("hash", "next", new byte[90]);

        Assert.All(mine, f => Assert.True(File.Exists(f), f));
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
        Assert.False(File.Exists(entry));
        Assert.NotNull(cache.Read("hash", "next"));
    }

    [Fact]
    public async Task Writers_and_readers_at_once_never_meet_half_an_entry()
    {
        var contents = Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, 10_000 * i).ToArray()).ToArray();
        var found = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            var cache = new CacheFolder(Place, most: 200_000);
            cache.Write("hash", $"{i % 5}", contents[i % 8]);
            if (cache.Read("hash", $"{(i + 1) % 5}") is { } read)
            {
                Assert.Equal(contents[read[0] - 1], read);
                Interlocked.Increment(ref found);
            }

            return ValueTask.CompletedTask;
        });

        Assert.True(found > 0);
        Assert.DoesNotContain(Directory.GetFiles(Place, "*", SearchOption.AllDirectories), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_processes_share_one()
    {
        var content = Encoding.UTF8.GetBytes("from here");
        new CacheFolder(Place).Write("hash", "here", content);
        using var child = new ChildProgram([LibraryProcess.Cache, Place, "here", "there"], program: "OnnxViz.Tests.dll");

        Assert.Equal((0, "from here\n"), (child.End().Exit, child.End().Out.ReplaceLineEndings("\n")));
        Assert.Equal("from there", Encoding.UTF8.GetString(new CacheFolder(Place).Read("hash", "there")!));
    }

    [Fact]
    public void Tests_have_a_cache_of_their_own()
    {
        Assert.Equal(Environment.GetEnvironmentVariable(CachePlace.Variable), CacheFolder.Default.Folder);
        Assert.StartsWith(Path.GetTempPath(), CacheFolder.Default.Folder);
    }

    public void Dispose() => _folder.Dispose();
}
