using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OnnxViz.Tests.Pull;

/// <summary>What a server says to one request: the head as it stands, the body, and whether it then goes silent or hangs up.</summary>
internal sealed record Answer(string Head, byte[] Body)
{
    /// <summary>Goes silent behind the body instead of hanging up.</summary>
    public bool Stalls { get; init; }

    public static Answer Whole(byte[] file, int? claimed = null) => new($"HTTP/1.1 200 OK\r\nContent-Length: {claimed ?? file.Length}", file);

    public static Answer Rest(byte[] file, int from) =>
        new($"HTTP/1.1 206 Partial Content\r\nContent-Length: {file.Length - from}\r\nContent-Range: bytes {from}-{file.Length - 1}/{file.Length}", file[from..]);

    public static Answer To(string address) => new($"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0", []);

    public static Answer Status(string status) => new($"HTTP/1.1 {status}\r\nContent-Length: 0", []);

    /// <summary>Whole, or what is asked for of it.</summary>
    public static Answer Honest(byte[] file, int? from) => from is { } offset ? Rest(file, offset) : Whole(file);

    /// <summary>The head promises all of the body, and so much of it comes.</summary>
    public Answer Cut(int bytes) => this with { Body = Body[..bytes] };
}

/// <summary>An HTTP server on this machine that says to each request what a test wants it to say, be it true or not.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, int?, Answer> _answer;

    /// <param name="answer">Of the path and the first byte that is asked for; null for the whole.</param>
    public FileServer(Func<string, int?, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        _ = Accept();
    }

    public string Address { get; }

    /// <summary>The first byte that each request asked for, in the order in which they came; null for the whole.</summary>
    public ConcurrentQueue<int?> Asked { get; } = new();

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var path = (await reader.ReadLineAsync(_end.Token))!.Split(' ')[1];
            int? from = null;
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
            {
                const string Range = "Range: bytes=";
                if (line.StartsWith(Range, StringComparison.OrdinalIgnoreCase)) from = int.Parse(line[Range.Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }

            Asked.Enqueue(from);
            var answer = _answer(path, from);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{answer.Head}\r\nConnection: close\r\n\r\n"), _end.Token);
            await stream.WriteAsync(answer.Body, _end.Token);
            if (answer.Stalls) await Task.Delay(Timeout.Infinite, _end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The other side had enough.
        }
    }
}
