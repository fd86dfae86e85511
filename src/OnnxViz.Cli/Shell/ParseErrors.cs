using System.Reflection;
using CommandLine;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Cli.Shell;

/// <summary>One sentence for each way in which a command line can be wrong.</summary>
/// <param name="args">As they were typed.</param>
/// <param name="verbs">What there is to choose from.</param>
internal sealed class ParseErrors(IReadOnlyList<string> args, IReadOnlyList<Type> verbs)
{
    private readonly string _verb = args.Count > 0 ? args[0] : "";

    public string Describe(Error error) => error switch
    {
        BadVerbSelectedError bad => UnknownVerb(bad.Token),
        HelpVerbRequestedError help => UnknownVerb(help.Verb),
        UnknownOptionError unknown => $"{Dashed(unknown.Token)} is unknown; nearest: {Nearest(unknown.Token)}. `onnxviz {_verb} --help` lists the options.",
        MissingValueOptionError missing => $"{Name(missing.NameInfo)} needs a value. `onnxviz {_verb} --help` says which.",
        MissingRequiredOptionError required => $"{Name(required.NameInfo)} is needed. `onnxviz {_verb} --help` shows examples.",
        BadFormatConversionError bad => $"{Name(bad.NameInfo)} {Given(bad.NameInfo)}: a {Kind(bad.NameInfo)} is needed.",
        SetValueExceptionError set => $"{Name(set.NameInfo)} {set.Value}: {set.Exception.Message}",
        RepeatedOptionError repeated => $"{Name(repeated.NameInfo)} was given twice.",
        SequenceOutOfRangeError sequence => $"{Name(sequence.NameInfo)} needs a value. `onnxviz {_verb} --help` says which.",
        BadFormatTokenError token => $"'{token.Token}' is no option.",
        NamedError named => $"{Name(named.NameInfo)} is not right ({named.Tag}).",
        _ => $"The command line is not right ({error.Tag}). `onnxviz --help` shows how it is written.",
    };

    private string UnknownVerb(string verb)
    {
        var names = verbs.Select(Manual.NameOf).ToList();
        return $"There is no verb '{verb}'; nearest: {NearestNames.Order(verb, names, v => v).First()}. There are {string.Join(", ", names)}.";
    }

    private string Nearest(string token)
    {
        var names = Options().Select(o => o.Option.LongName);
        return $"--{NearestNames.Order(token.TrimStart('-'), names, n => n).First()}";
    }

    private string Kind(NameInfo name)
    {
        var type = Options().FirstOrDefault(o => o.Option.LongName == name.LongName).Property?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(ulong) ? "whole number from 0 on" : type == typeof(int) ? $"whole number up to {int.MaxValue}" : "number";
    }

    /// <summary>The value as it was typed, which the parser does not tell.</summary>
    private string Given(NameInfo name)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if ((args[i] == $"--{name.LongName}" || args[i] == $"-{name.ShortName}") && i + 1 < args.Count) return $"'{args[i + 1]}'";
            if (args[i].StartsWith($"--{name.LongName}=", StringComparison.Ordinal)) return $"'{args[i][(name.LongName.Length + 3)..]}'";
        }

        return "";
    }

    private IEnumerable<(OptionAttribute Option, PropertyInfo? Property)> Options()
    {
        var type = verbs.FirstOrDefault(t => Manual.NameOf(t) == _verb) ?? typeof(VerbOptions);
        return Manual.Options(Binding.TypeOf(type)).Select(o => (o.Option, (PropertyInfo?)o.Property));
    }

    private static string Name(NameInfo name) => name.LongName.Length > 0 ? $"--{name.LongName}" : name.NameText.Length > 0 ? Dashed(name.NameText) : "An argument";

    private static string Dashed(string token) => token.StartsWith('-') ? token : token.Length == 1 ? $"-{token}" : $"--{token}";
}
