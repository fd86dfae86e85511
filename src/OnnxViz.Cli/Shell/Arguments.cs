using System.Globalization;
using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Cli.Shell;

/// <summary>From arguments to a verb that is ready to run.</summary>
internal static class Arguments
{
    /// <param name="args">As the program is given them.</param>
    /// <param name="verbs">What there is to choose from, in the order in which help lists it.</param>
    /// <param name="streams">Help goes there.</param>
    /// <param name="verb">The verb with its options; null where there is nothing to run.</param>
    /// <returns>The exit code where there is nothing to run: help, the version, no verb. Null with a verb.</returns>
    /// <exception cref="OnnxVizException">A wrong command line.</exception>
    public static int? Parse(IReadOnlyList<string> args, IReadOnlyList<Type> verbs, Streams streams, out VerbOptions? verb)
    {
        verb = null;
        args = InFull(args);
        if (WithoutValue(args, verbs) is { } empty)
            throw OnnxVizException.Usage($"{empty.Option} needs a value{(empty.Next is null ? "" : $", and {empty.Next} is an option itself")}. `onnxviz {args[0]} --help` says which.");
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.ParsingCulture = CultureInfo.InvariantCulture;
            settings.AllowMultiInstance = true;
        });
        // The options of records are given only to the verb that is parsed: making the types takes time.
        var result = parser.ParseArguments(args, [.. verbs.Select(v => args.Take(2).Contains(Manual.NameOf(v)) ? Binding.TypeOf(v) : v)]);
        if (result is Parsed<object> { Value: VerbOptions parsed })
        {
            if (parsed.Rest.FirstOrDefault() is { } extra)
                throw OnnxVizException.Usage($"'{extra}' belongs to no option. `onnxviz {args[0]} --help` lists them.");
            if (Repeated(args, parsed.GetType()) is { } twice)
                throw OnnxVizException.Usage(twice.IsList
                    ? $"--{twice.Name} was given twice; several go into one, with commas: --{twice.Name} A,B."
                    : $"--{twice.Name} was given twice: which of them counts?");
            if (Dashes(parsed) is { } dash)
                throw OnnxVizException.Usage($"--{dash} -: results are not written to standard output; name a file or a folder (./- for one of that name).");
            parsed.Typed = [.. args];
            CarriedPictures.Into(parsed, streams);
            verb = parsed;
            return null;
        }

        var errors = result.Errors.ToList();
        if (errors.Exists(e => e is VersionRequestedError))
        {
            streams.Out.WriteLine(args.Contains("--json") ? new JsonObject { ["program"] = "onnxviz", ["version"] = Manual.Version }.ToJsonString(JsonText.Indented) : $"onnxviz {Manual.Version}");
            return 0;
        }

        var asked = errors.Exists(e => e is HelpRequestedError or HelpVerbRequestedError { Matched: true } or HelpVerbRequestedError { Verb: null or "" });
        if (asked || errors.Exists(e => e is NoVerbSelectedError))
        {
            streams.Out.WriteLine(Help(result).ToString().TrimEnd());
            return asked ? 0 : Failure.ExitCodeOf(Fault.Argument);
        }

        throw OnnxVizException.Usage(new ParseErrors(args, verbs).Describe(errors[0]));
    }

    /// <summary>-h, and help VERB, as the parser knows them.</summary>
    private static string[] InFull(IReadOnlyList<string> args)
    {
        string[] full = [.. args.Select(a => a == "-h" ? "--help" : a)];
        return full is ["help", var verb, .. var rest] && !verb.StartsWith('-') ? [verb, "--help", .. rest] : full;
    }

    /// <summary>An option of one value that was given several times: the parser would take the last.</summary>
    private static (string Name, bool IsList)? Repeated(IReadOnlyList<string> args, Type verb) => Manual.Options(verb)
        .Where(o => o.Property.PropertyType != typeof(IEnumerable<string>) && o.Property.PropertyType != typeof(bool))
        .Select(o => o.Option)
        .Where(o => args.Count(a => a == $"--{o.LongName}" || a.StartsWith($"--{o.LongName}=", StringComparison.Ordinal)
            || (o.ShortName.Length > 0 && a == $"-{o.ShortName}")) > 1)
        .Select(o => ((string, bool)?)(o.LongName, o.MetaValue == "UNITS" || o.MetaValue.Contains(",...", StringComparison.Ordinal)))
        .FirstOrDefault();

    /// <summary>A place for results that is a dash, which elsewhere means standard output.</summary>
    private static string? Dashes(VerbOptions verb) => Manual.Options(verb.GetType())
        .Where(o => o.Option.MetaValue.Contains("FILE", StringComparison.Ordinal) || o.Option.MetaValue.Contains("DIR", StringComparison.Ordinal))
        .Where(o => o.Property.GetValue(verb) is "-")
        .Select(o => o.Option.LongName)
        .FirstOrDefault();

    /// <summary>An option whose value was forgotten: the parser would take the name of the next option for it, and pass over the last one.</summary>
    private static (string Option, string? Next)? WithoutValue(IReadOnlyList<string> args, IReadOnlyList<Type> verbs)
    {
        if (args.Count == 0 || verbs.FirstOrDefault(t => Manual.NameOf(t) == args[0]) is not { } verb) return null;
        var options = Manual.Options(Binding.TypeOf(verb)).ToList();
        var names = options.SelectMany(o => Spellings(o.Option)).ToHashSet();
        var valued = options.Where(o => o.Property.PropertyType != typeof(bool)).SelectMany(o => Spellings(o.Option)).ToHashSet();
        return args.Zip(args.Skip(1).Append(null))
            .Where(pair => valued.Contains(pair.First) && (pair.Second is null || names.Contains(pair.Second.Split('=')[0])))
            .Select(pair => ((string, string?)?)pair)
            .FirstOrDefault();
    }

    private static string[] Spellings(OptionAttribute option) =>
        option.ShortName.Length > 0 ? [$"--{option.LongName}", $"-{option.ShortName}"] : [$"--{option.LongName}"];

    /// <summary>Options as <paramref name="names"/> has them, then --help and --version, then arguments.</summary>
    private static Comparison<ComparableOption> InOrder(IReadOnlyList<string> names)
    {
        var places = names.Select((name, place) => (name, place)).ToDictionary(n => n.name, n => n.place);
        return (a, b) => Place(a).CompareTo(Place(b));

        (bool, int) Place(ComparableOption o) => (o.IsValue, o.IsValue ? o.Index : places.GetValueOrDefault(o.LongName, places.Count + o.Index));
    }

    private static HelpText Help(ParserResult<object> result) => HelpText.AutoBuild(
        result,
        help =>
        {
            help.Heading = $"onnxviz {Manual.Version} - shows what a convolutional network has learned, on nothing but ONNX Runtime";
            help.Copyright = "";
            help.AdditionalNewLineAfterOption = false;
            help.AddDashesToOption = true;
            help.MaximumDisplayWidth = 120;
            help.AddPreOptionsLines(Manual.UsageOf(result.TypeInfo.Current));
            // Of all verbs no options are shown, and sorting takes time.
            if (result.TypeInfo.Current.IsAssignableTo(typeof(VerbOptions))) help.OptionComparison = InOrder(Binding.Order(result.TypeInfo.Current));
            help.AddPostOptionsLines(Manual.NotesOf(result.TypeInfo.Current));
            return help;
        },
        example => example,
        verbsIndex: true,
        maxDisplayWidth: 120);
}
