using System.Globalization;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Cli.Verbs.Activations;
using OnnxViz.Cli.Verbs.CheckGrad;
using OnnxViz.Cli.Verbs.Compare;
using OnnxViz.Cli.Verbs.Coverage;
using OnnxViz.Cli.Verbs.Deconv;
using OnnxViz.Cli.Verbs.Demo;
using OnnxViz.Cli.Verbs.Doctor;
using OnnxViz.Cli.Verbs.Invert;
using OnnxViz.Cli.Verbs.Kernels;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Cli.Verbs.Models;
using OnnxViz.Cli.Verbs.Predict;
using OnnxViz.Cli.Verbs.Prepare;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Cli.Verbs.Segment;
using OnnxViz.Cli.Verbs.Summary;
using OnnxViz.Cli.Verbs.Top;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Cli.Shell;

/// <summary>From arguments to a verb that is ready to run.</summary>
internal static class Arguments
{
    /// <summary>In the order in which help lists them.</summary>
    public static IReadOnlyList<Type> Verbs { get; } =
    [
        typeof(DemoVerb), typeof(SummaryVerb), typeof(PredictVerb), typeof(ActivationsVerb), typeof(KernelsVerb), typeof(SaliencyVerb), typeof(SegmentVerb),
        typeof(DeconvVerb), typeof(TopVerb),
        typeof(MaximizeVerb), typeof(InvertVerb), typeof(PrepareVerb), typeof(CheckGradVerb), typeof(CoverageVerb), typeof(CompareVerb), typeof(ModelsVerb), typeof(DoctorVerb),
    ];

    /// <returns>The exit code where there is nothing to run: help, the version, a wrong command line. Null with a verb.</returns>
    public static int? Parse(IReadOnlyList<string> args, Streams streams, out VerbOptions? verb)
    {
        verb = null;
        if (WithoutValue(args) is { } empty)
            throw OnnxVizException.Usage($"{empty.Option} needs a value, and {empty.Next} is an option itself. `onnxviz {args[0]} --help` says which.");
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.ParsingCulture = CultureInfo.InvariantCulture;
            settings.AllowMultiInstance = true;
        });
        // The options of records are given only to the verb that is parsed: making the types takes time.
        var result = parser.ParseArguments(args, [.. Verbs.Select(v => args.Take(2).Contains(Manual.NameOf(v)) ? Binding.TypeOf(v) : v)]);
        if (result is Parsed<object> { Value: VerbOptions parsed })
        {
            if (parsed.Rest.FirstOrDefault() is { } extra)
                throw OnnxVizException.Usage($"'{extra}' belongs to no option. `onnxviz {args[0]} --help` lists them.");
            if (Repeated(args, parsed.GetType()) is { } twice)
                throw OnnxVizException.Usage($"--{twice} was given twice: which of them counts?");
            verb = parsed;
            return null;
        }

        var errors = result.Errors.ToList();
        if (errors.Exists(e => e is VersionRequestedError))
        {
            streams.Out.WriteLine($"onnxviz {ProgramVersion.Text}");
            return 0;
        }

        var asked = errors.Exists(e => e is HelpRequestedError or HelpVerbRequestedError { Matched: true } or HelpVerbRequestedError { Verb: null or "" });
        if (asked || errors.Exists(e => e is NoVerbSelectedError))
        {
            streams.Out.WriteLine(Help(result).ToString().TrimEnd());
            return asked ? 0 : (int)Fault.Usage;
        }

        throw OnnxVizException.Usage(ParseErrors.Describe(errors[0], args));
    }

    /// <summary>An option of one value that was given several times: the parser would take the last.</summary>
    private static string? Repeated(IReadOnlyList<string> args, Type verb) => Manual.Options(verb)
        .Where(o => o.Property.PropertyType != typeof(IEnumerable<string>) && o.Property.PropertyType != typeof(bool))
        .Select(o => o.Option)
        .FirstOrDefault(o => args.Count(a => a == $"--{o.LongName}" || a.StartsWith($"--{o.LongName}=", StringComparison.Ordinal)
            || (o.ShortName.Length > 0 && a == $"-{o.ShortName}")) > 1)
        ?.LongName;

    /// <summary>An option whose value was forgotten: the parser would take the name of the next option for it.</summary>
    private static (string Option, string Next)? WithoutValue(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || Verbs.FirstOrDefault(t => Manual.NameOf(t) == args[0]) is not { } verb) return null;
        var options = Manual.Options(Binding.TypeOf(verb)).ToList();
        var names = options.SelectMany(o => Spellings(o.Option)).ToHashSet();
        var valued = options.Where(o => o.Property.PropertyType != typeof(bool)).SelectMany(o => Spellings(o.Option)).ToHashSet();
        return args.Zip(args.Skip(1))
            .Where(pair => valued.Contains(pair.First) && names.Contains(pair.Second.Split('=')[0]))
            .Select(pair => ((string, string)?)pair)
            .FirstOrDefault();
    }

    private static string[] Spellings(OptionAttribute option) =>
        option.ShortName.Length > 0 ? [$"--{option.LongName}", $"-{option.ShortName}"] : [$"--{option.LongName}"];

    private static HelpText Help(ParserResult<object> result) => HelpText.AutoBuild(
        result,
        help =>
        {
            help.Heading = $"onnxviz {ProgramVersion.Text} - shows what a convolutional network has learned, on nothing but ONNX Runtime";
            help.Copyright = "";
            help.AdditionalNewLineAfterOption = false;
            help.AddDashesToOption = true;
            help.MaximumDisplayWidth = 120;
            help.AddPreOptionsLines(Manual.UsageOf(result.TypeInfo.Current));
            return help;
        },
        example => example,
        verbsIndex: true,
        maxDisplayWidth: 120);
}
