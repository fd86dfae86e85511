using System.Reflection;
using CommandLine;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Cli.Shell;

/// <summary>One sentence for each way in which a command line can be wrong.</summary>
internal static class ParseErrors
{
    public static string Describe(Error error, IReadOnlyList<string> args)
    {
        var verb = args.Count > 0 ? args[0] : "";
        return error switch
        {
            BadVerbSelectedError bad => UnknownVerb(bad.Token),
            HelpVerbRequestedError help => UnknownVerb(help.Verb),
            UnknownOptionError unknown => $"{Dashed(unknown.Token)} is unknown; nearest: {Nearest(unknown.Token, verb)}. `onnxviz {verb} --help` lists the options.",
            MissingValueOptionError missing => $"{Name(missing.NameInfo)} needs a value. `onnxviz {verb} --help` says which.",
            MissingRequiredOptionError required => $"{Name(required.NameInfo)} is needed. `onnxviz {verb} --help` shows examples.",
            BadFormatConversionError bad => $"{Name(bad.NameInfo)} {Given(bad.NameInfo, args)}: a {Kind(bad.NameInfo, verb)} is needed.",
            SetValueExceptionError set => $"{Name(set.NameInfo)} {set.Value}: {set.Exception.Message}",
            RepeatedOptionError repeated => $"{Name(repeated.NameInfo)} was given twice.",
            SequenceOutOfRangeError sequence => $"{Name(sequence.NameInfo)} needs a value. `onnxviz {verb} --help` says which.",
            BadFormatTokenError token => $"'{token.Token}' is no option.",
            NamedError named => $"{Name(named.NameInfo)} is not right ({named.Tag}).",
            _ => $"The command line is not right ({error.Tag}). `onnxviz --help` shows how it is written.",
        };
    }

    private static string UnknownVerb(string verb)
    {
        var verbs = Arguments.Verbs.Select(t => t.GetCustomAttribute<VerbAttribute>()!.Name).ToList();
        return $"There is no verb '{verb}'; nearest: {NearestNames.Order(verb, verbs, v => v).First()}. There are {string.Join(", ", verbs)}.";
    }

    private static string Nearest(string token, string verb)
    {
        var names = OptionsOf(verb).Select(o => o.Option.LongName);
        return $"--{NearestNames.Order(token.TrimStart('-'), names, n => n).First()}";
    }

    private static string Kind(NameInfo name, string verb)
    {
        var type = OptionsOf(verb).FirstOrDefault(o => o.Option.LongName == name.LongName).Property?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(ulong) ? "whole number from 0 on" : type == typeof(int) ? $"whole number up to {int.MaxValue}" : "number";
    }

    /// <summary>The value as it was typed, which the parser does not tell.</summary>
    private static string Given(NameInfo name, IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if ((args[i] == $"--{name.LongName}" || args[i] == $"-{name.ShortName}") && i + 1 < args.Count) return $"'{args[i + 1]}'";
            if (args[i].StartsWith($"--{name.LongName}=", StringComparison.Ordinal)) return $"'{args[i][(name.LongName.Length + 3)..]}'";
        }

        return "";
    }

    private static IEnumerable<(OptionAttribute Option, PropertyInfo? Property)> OptionsOf(string verb)
    {
        var type = Arguments.Verbs.FirstOrDefault(t => t.GetCustomAttribute<VerbAttribute>()!.Name == verb) ?? typeof(VerbOptions);
        return Manual.Options(Binding.TypeOf(type)).Select(o => (o.Option, (PropertyInfo?)o.Property));
    }

    private static string Name(NameInfo name) => name.LongName.Length > 0 ? $"--{name.LongName}" : name.NameText.Length > 0 ? Dashed(name.NameText) : "An argument";

    private static string Dashed(string token) => token.StartsWith('-') ? token : token.Length == 1 ? $"-{token}" : $"--{token}";
}
