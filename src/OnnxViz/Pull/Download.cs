using System.Net;
using System.Net.Http.Headers;

namespace OnnxViz.Pull;

/// <summary>Fetches a file of known size by HTTP, goes on where a connection ended, and follows no server to where it must not lead.</summary>
/// <param name="http">Follows no redirections by itself.</param>
/// <param name="limits">How patient it is.</param>
internal sealed class Download(HttpClient http, DownloadLimits limits)
{
    /// <summary>A client that leaves redirections to us and bytes as they are. It takes its proxy from the usual environment variables.</summary>
    public static HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("onnxviz", "1"));
        return client;
    }

    /// <summary>Adds to the part until it has all bytes.</summary>
    /// <param name="address">http or https.</param>
    /// <param name="part">Receives them.</param>
    /// <param name="size">Bytes of the whole file.</param>
    /// <param name="progress">Is told the bytes that are there.</param>
    /// <param name="token">Ends it; what has arrived stays.</param>
    /// <exception cref="OnnxVizException">No connection, or what is offered is another file.</exception>
    public async Task Fetch(Uri address, PartFile part, long size, IProgress<long>? progress, CancellationToken token)
    {
        var answered = false;
        for (var failures = 0; part.Length < size;)
        {
            var before = part.Length;
            try
            {
                using var response = await Ask(address, part.Length, token);
                answered = true;
                Check(response, part, size);
                await Take(response, part, size, progress, token);
                if (part.Length < size) throw new IOException("the connection ended early");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                failures = part.Length >= before + limits.Progress ? 1 : failures + 1;
                // Without a network there is no point in trying again.
                if (!answered || failures >= limits.Attempts) throw Unreachable(address, e);
                await Task.Delay(limits.Pause * (1 << (failures - 1)), token);
            }
        }
    }

    /// <summary>The answer to a request for all from an offset on, from wherever the server leads to.</summary>
    private async Task<HttpResponseMessage> Ask(Uri address, long from, CancellationToken token)
    {
        var at = address;
        for (var hops = 0; hops <= limits.Redirects; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
            var response = await Patiently(t => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, t), token);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response) at = Next(at, response.Headers.Location);
        }

        throw OnnxVizException.Input($"'{address}' leads from one address to the next, more than {limits.Redirects} times.");
    }

    private static Uri Next(Uri at, Uri? location)
    {
        if (location is null) throw OnnxVizException.Input($"'{at}' leads elsewhere and does not say where.");
        var next = new Uri(at, location);
        if (next.Scheme != Uri.UriSchemeHttps && !(next.Scheme == Uri.UriSchemeHttp && at.Scheme == Uri.UriSchemeHttp))
            throw OnnxVizException.Input($"'{at}' leads to '{next}', which is not followed: from {at.Scheme} only to {(at.Scheme == Uri.UriSchemeHttps ? "https" : "http or https")}.");
        return next;
    }

    /// <summary>Whether what is offered can be the file, or the rest of it.</summary>
    private static void Check(HttpResponseMessage response, PartFile part, long size)
    {
        var address = response.RequestMessage?.RequestUri;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                part.Restart();
                break;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: { } from } range && from == part.Length && (range.Length ?? size) == size:
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                // Not what was asked for: another file, or a server that cannot count. The whole is asked for next.
                part.Restart();
                throw new IOException("the server offers another part than the one that was asked for");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new HttpRequestException($"the server says {(int)response.StatusCode} {response.ReasonPhrase}");
            default:
                throw OnnxVizException.Input($"'{address}' answers {(int)response.StatusCode} {response.ReasonPhrase}.", argument: nameof(KnownModel.Source));
        }

        if (response.Content.Headers.ContentLength is { } rest && part.Length + rest != size)
            throw OnnxVizException.Input($"'{address}' offers {part.Length + rest:N0} bytes where {size:N0} are expected: it is another file.", argument: nameof(KnownModel.Source));
    }

    private async Task Take(HttpResponseMessage response, PartFile part, long size, IProgress<long>? progress, CancellationToken token)
    {
        await using var body = await Patiently(response.Content.ReadAsStreamAsync, token);
        var buffer = new byte[1 << 17];
        for (int count; (count = await Patiently(t => body.ReadAsync(buffer, t).AsTask(), token)) > 0;)
        {
            if (part.Length + count > size)
            {
                part.Restart();
                throw OnnxVizException.Input($"'{response.RequestMessage?.RequestUri}' brings more than the {size:N0} bytes that are expected: it is another file.", argument: nameof(KnownModel.Source));
            }

            part.Append(buffer.AsSpan(0, count));
            progress?.Report(part.Length);
        }
    }

    /// <summary>Does a thing unless it takes longer than a connection may stall.</summary>
    private async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> work, CancellationToken token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(limits.Stall);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {limits.Stall.TotalSeconds:0.#} seconds", e);
        }
    }

    private static OnnxVizException Unreachable(Uri address, Exception e) =>
        OnnxVizException.Machine($"'{address}' cannot be fetched: {(e.InnerException is System.Net.Sockets.SocketException inner ? inner.Message : e.Message).TrimEnd('.')}.", e, nameof(KnownModel.Source));
}
