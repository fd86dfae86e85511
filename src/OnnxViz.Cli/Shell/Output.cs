using System.Text.Json.Nodes;
using Spectre.Console;

namespace OnnxViz.Cli.Shell;

/// <summary>What a verb tells the user: lines and tables, or one JSON object, or nothing.</summary>
internal sealed class Output
{
    private readonly List<string> _notes = [];
    private readonly bool _holds;
    private JsonObject? _held;

    public Output(Streams streams, VerbOptions options)
    {
        (Streams, IsJson, IsQuiet, _holds) = (streams, options.Json, options.Quiet, options.Profile);
    }

    public Streams Streams { get; }

    public bool IsJson { get; }

    public bool IsQuiet { get; }

    public CancellationToken Cancellation => Streams.Cancellation;

    /// <summary>Whether progress bars are shown: standard error is a terminal, and neither --json nor --quiet was given.</summary>
    public bool HasBar => IsForPeople && Streams.IsErrorTerminal;

    /// <summary>Is told the progress in place of a bar, where the verb is one step of another.</summary>
    public IProgress<(double Share, string Text)>? Parent { get; init; }

    private bool IsForPeople => !IsJson && !IsQuiet;

    /// <summary>A line of the result, for people.</summary>
    public void Say(string line)
    {
        if (IsForPeople) Streams.Out.WriteLine(PlainText.Of(line));
    }

    /// <summary>
    /// A line about how the result was made. It is printed on standard error by <see cref="Finish"/>, so not when the verb
    /// fails.
    /// </summary>
    public void Note(string line)
    {
        if (IsForPeople) _notes.Add(PlainText.Of(line));
    }

    /// <summary>Prints the notes.</summary>
    public void Finish()
    {
        foreach (var note in _notes) Streams.Error.WriteLine(note);
        _notes.Clear();
    }

    /// <param name="columns">Headings; those that start with &gt; are of numbers and aligned to the right.</param>
    /// <param name="rows">One text for each column.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (IsForPeople) new TextTable(columns, rows).Write(Streams.Out, Streams.Width);
    }

    /// <summary>The result as the one JSON object on standard output; nothing without --json. With --profile it waits for <see cref="Release"/>.</summary>
    public void Object(JsonObject result)
    {
        if (_holds) _held = result;
        else if (IsJson) Streams.Out.WriteLine(result.ToJsonString(JsonText.Indented));
    }

    /// <summary>Prints the object that waited.</summary>
    /// <param name="complete">Is given it to add to.</param>
    public void Release(Action<JsonObject>? complete = null)
    {
        if (_held is not { } result) return;
        _held = null;
        complete?.Invoke(result);
        if (IsJson) Streams.Out.WriteLine(result.ToJsonString(JsonText.Indented));
    }

    /// <summary>Runs work under a progress bar where <see cref="HasBar"/>, and without one elsewhere.</summary>
    /// <param name="title">What is being done, and how much of it: before long work it is said with the time that it takes.</param>
    /// <param name="work">Is given what to report to: the share done, 0 to 1, and a word about it.</param>
    public T WithProgress<T>(string title, Func<IProgress<(double Share, string Text)>, T> work) => WithWork(title, progress =>
    {
        progress.Add("", 1);
        return work(new Relay<(double Share, string Text)>(p => progress.Report("", p.Share, p.Text)));
    });

    /// <summary>The same of work that is not of one kind.</summary>
    /// <param name="title">What is being done, and how much of it.</param>
    /// <param name="work">Is given what to add its kinds to, and to report to.</param>
    public T WithWork<T>(string title, Func<WorkProgress, T> work)
    {
        title = PlainText.Of(title);
        if (Parent is not null) return work(new WorkProgress(title, (share, text) => Parent.Report((share, text)), null));
        if (!HasBar) return work(new WorkProgress(title, (_, _) => { }, IsQuiet ? null : Streams.Error.WriteLine));
        var console = Consoles.For(Streams.Error);
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: 1);
                return work(new WorkProgress(
                    title,
                    (share, text) =>
                    {
                        task.Value = share;
                        task.Description = Markup.Escape(text.Length > 0 ? $"{title}: {PlainText.Of(text)}" : title);
                    },
                    line => console.WriteLine(line)));
            });
    }
}
