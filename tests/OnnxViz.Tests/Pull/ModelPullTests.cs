using System.Security.Cryptography;
using OnnxViz.Models;
using OnnxViz.Pull;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Pull;

/// <summary>Against a server of this machine that cuts, stalls, lies and leads astray.</summary>
public sealed class ModelPullTests : IDisposable
{
    private static readonly byte[] _file = RandomBytes(300_000);

    private readonly TemporaryFolder _folder = new();

    private string Final => _folder["models/net.onnx"];

    private string Part => Final + ".part";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_fetched_once()
    {
        using var server = new FileServer((path, from) => path == "/net.onnx" ? Answer.Honest(_file, from) : Answer.Status("404 Not Found"));
        var seen = new List<long>();
        Assert.True(await Pull().Fetch(Net(), Final, server.Address, new Relay<long>(seen.Add), CancellationToken.None));
        Assert.Equal(_file, File.ReadAllBytes(Final));
        Assert.Equal(_file.Length, seen[^1]);
        Assert.Equal(seen.Order(), seen);

        Assert.False(await Fetch(server));
        Assert.Single(server.Asked);
        Assert.Equal([Final], Directory.GetFiles(_folder["models"]));
    }

    [Fact]
    public async Task A_connection_that_ends_early_is_taken_up_where_it_ended()
    {
        var answers = 0;
        using var server = new FileServer((_, from) => ++answers < 3 ? Answer.Honest(_file, from).Cut(100_000) : Answer.Honest(_file, from));
        Assert.True(await Fetch(server));
        Assert.Equal(_file, File.ReadAllBytes(Final));
        Assert.Equal([null, 100_000, 200_000], server.Asked);
    }

    [Fact]
    public async Task A_connection_that_goes_silent_is_given_up_and_taken_up_again()
    {
        var answers = 0;
        using var server = new FileServer((_, from) => ++answers < 2 ? Answer.Honest(_file, from).Cut(100_000) with { Stalls = true } : Answer.Honest(_file, from));
        Assert.True(await Pull(stall: 0.5).Fetch(Net(), Final, server.Address, null, CancellationToken.None));
        Assert.Equal(_file, File.ReadAllBytes(Final));
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_again()
    {
        var answers = 0;
        using var server = new FileServer((_, _) => ++answers < 2 ? Answer.Whole(_file).Cut(100_000) : Answer.Whole(_file));
        Assert.True(await Fetch(server));
        Assert.Equal(_file, File.ReadAllBytes(Final));
    }

    [Fact]
    public async Task A_server_that_sends_another_part_is_asked_for_all()
    {
        File.WriteAllBytes(Begun(), _file[..50_000]);
        using var server = new FileServer((_, from) => from is null ? Answer.Whole(_file) : Answer.Rest(_file, 10_000));
        Assert.True(await Fetch(server));
        Assert.Equal(_file, File.ReadAllBytes(Final));
    }

    [Fact]
    public async Task A_passing_failure_is_tried_again()
    {
        var answers = 0;
        using var server = new FileServer((_, from) => ++answers < 3 ? Answer.Status("503 Service Unavailable") : Answer.Honest(_file, from));
        Assert.True(await Fetch(server));
    }

    [Fact]
    public async Task What_an_interrupted_run_left_is_used_by_the_next()
    {
        using var interrupt = new CancellationTokenSource();
        using (var server = new FileServer((_, from) => Answer.Honest(_file, from).Cut(200_000) with { Stalls = true }))
        {
            var progress = new Relay<long>(bytes =>
            {
                if (bytes >= 200_000) interrupt.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pull().Fetch(Net(), Final, server.Address, progress, interrupt.Token));
        }

        Assert.False(File.Exists(Final));
        Assert.Equal(200_000, new FileInfo(Part).Length);
        using var next = new FileServer((_, from) => Answer.Honest(_file, from));
        Assert.True(await Fetch(next));
        Assert.Equal([200_000], next.Asked);
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task A_damaged_part_costs_one_more_try()
    {
        File.WriteAllBytes(Begun(), RandomBytes(100_000, seed: 2));
        using var server = new FileServer((_, from) => Answer.Honest(_file, from));
        Assert.True(await Fetch(server));
        Assert.Equal(_file, File.ReadAllBytes(Final));
        Assert.Equal([100_000, null], server.Asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    public async Task Another_length_is_refused_at_once(int more)
    {
        using var server = new FileServer((_, _) => Answer.Whole(_file, claimed: _file.Length + more));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Equal(Fault.Input, e.Fault);
        Assert.Contains($"offers {_file.Length + more:N0} bytes where 300,000 are expected", e.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Fact]
    public async Task More_bytes_than_there_should_be_are_not_taken()
    {
        using var server = new FileServer((_, _) => new Answer("HTTP/1.1 200 OK", [.. _file, .. _file]));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Contains("more than the 300,000 bytes", e.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Fact]
    public async Task Wrong_bytes_are_refused()
    {
        using var server = new FileServer((_, from) => Answer.Honest(RandomBytes(_file.Length, seed: 3), from));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Equal((Fault.Input, "Source"), (e.Fault, e.Argument));
        Assert.Contains("is not net: its SHA-256 is not", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
        AssertNothing();
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    public async Task A_refusal_is_told_and_where_the_file_belongs(string status)
    {
        using var server = new FileServer((_, _) => Answer.Status(status));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Contains($"answers {status}", e.Message, StringComparison.Ordinal);
        Assert.Contains($"(300,000 bytes, SHA-256 {Net().Sha256}) belongs at '{Final}'", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_server_that_always_cuts_is_given_up()
    {
        using var server = new FileServer((_, from) => Answer.Honest(_file, from).Cut(10));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Equal(Fault.Machine, e.Fault);
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task Without_a_network_it_ends_at_once()
    {
        string address;
        using (var server = new FileServer((_, _) => Answer.Whole(_file))) address = server.Address;
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Pull().Fetch(Net(), Final, address, null, CancellationToken.None));
        Assert.Equal(Fault.Machine, e.Fault);
        Assert.Contains("cannot be fetched", e.Message, StringComparison.Ordinal);
        Assert.Contains($"belongs at '{Final}'", e.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Fact]
    public async Task A_redirection_is_followed()
    {
        using var server = new FileServer((path, from) => path == "/real" ? Answer.Honest(_file, from) : Answer.To("/real"));
        Assert.True(await Fetch(server));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/net.onnx")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task A_redirection_to_where_it_must_not_go_is_refused(string address)
    {
        using var server = new FileServer((_, _) => Answer.To(address));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Equal(Fault.Input, e.Fault);
        Assert.Contains("which is not followed", e.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Fact]
    public async Task Redirections_in_a_circle_end()
    {
        using var server = new FileServer((_, _) => Answer.To("/again"));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Contains("more than 10 times", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_this_machine_or_the_folder_that_holds_it_is_copied()
    {
        var source = _folder["elsewhere/net.onnx"];
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllBytes(source, _file);
        foreach (var from in new[] { source, _folder["elsewhere"], new Uri(source).AbsoluteUri })
        {
            Assert.True(await Pull().Fetch(Net(), Final, from, null, CancellationToken.None));
            Assert.Equal(_file, File.ReadAllBytes(Final));
            File.Delete(Final);
        }

        File.WriteAllBytes(source, RandomBytes(_file.Length, seed: 4));
        await Assert.ThrowsAsync<OnnxVizException>(() => Pull().Fetch(Net(), Final, source, null, CancellationToken.None));
        Assert.True(File.Exists(source));
        AssertNothing();
    }

    [Fact]
    public async Task Two_at_once_do_not_write_to_the_same_part()
    {
        using var first = PartFile.Open(Final, _file.Length);
        using var server = new FileServer((_, from) => Answer.Honest(_file, from));
        var e = await Assert.ThrowsAsync<OnnxVizException>(() => Fetch(server));
        Assert.Equal(Fault.Machine, e.Fault);
    }

    [Fact]
    public void A_disk_without_room_is_told_before_anything_is_fetched()
    {
        var e = Assert.Throws<OnnxVizException>(() => PartFile.Open(Final, long.MaxValue));
        Assert.Equal(Fault.Machine, e.Fault);
        Assert.Contains("are free there", e.Message, StringComparison.Ordinal);
    }

    private static byte[] RandomBytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <param name="stall">Seconds; a machine with much to do may be silent for one without any fault.</param>
    private static ModelPull Pull(double stall = 60) =>
        new(new DownloadLimits { Stall = TimeSpan.FromSeconds(stall), Pause = TimeSpan.FromMilliseconds(10), Attempts = 3 });

    private static KnownModel Net() => new(
        "net", "A net", "net.onnx", Convert.ToHexStringLower(SHA256.HashData(_file)), _file.Length, "", "http://127.0.0.1:1/net.onnx", "MIT", null, new PictureConventions());

    private Task<bool> Fetch(FileServer server) => Pull().Fetch(Net(), Final, server.Address, null, CancellationToken.None);

    private string Begun()
    {
        Directory.CreateDirectory(_folder["models"]);
        return Part;
    }

    private void AssertNothing() => Assert.Equal([], Directory.GetFiles(_folder["models"]));
}
