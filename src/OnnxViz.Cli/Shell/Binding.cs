using System.Reflection;
using System.Reflection.Emit;
using OnnxViz.Options;

namespace OnnxViz.Cli.Shell;

/// <summary>An option of the library that a verb offers.</summary>
/// <param name="Option">From an options record.</param>
/// <param name="Default">What help says of its default; null for nothing.</param>
internal sealed record BoundOption(Option Option, string? Default)
{
    /// <summary>What the option belongs to, where it is of no use to the whole verb: said in front of the help text.</summary>
    public string? Owner { get; init; }

    public string Help
    {
        get
        {
            var help = Owner is null ? Option.Help : $"{Owner}: {char.ToLowerInvariant(Option.Help[0])}{Option.Help[1..]}";
            return Default is null ? help : $"{help.TrimEnd('.')} ({Default}).";
        }
    }
}

/// <summary>
/// Gives a verb the options of the library's records. The parser knows the options of a type, so each verb that has a static
/// property of bound options, or inherits one, is parsed as a type derived from it at run time, with a property for each of them; those not given are null.
/// </summary>
internal static class Binding
{
    private static readonly Dictionary<(Type Verb, string Options), Type> Derived = new();

    private static readonly Lazy<ModuleBuilder> Module = new(() =>
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OnnxViz.Cli.Bound"), AssemblyBuilderAccess.Run).DefineDynamicModule("Bound"));

    /// <param name="records">With their defaults.</param>
    public static IEnumerable<BoundOption> Of(params IEnumerable<object> records) =>
        records.SelectMany(r => OptionTable.Of(r.GetType()).Select(o => new BoundOption(o, o.DefaultIn(r))));

    /// <summary>The options that a verb takes from records.</summary>
    public static IReadOnlyList<BoundOption> Of(Type verb) => [.. Classes(verb).SelectMany(BoundBy)];

    /// <summary>Long names of a verb's options in the order in which help lists them: a class's own, then those of its records.</summary>
    public static IReadOnlyList<string> Order(Type verb) =>
        [.. Classes(verb).SelectMany(c => Manual.Options(c).Where(o => o.Property.DeclaringType == c && !IsBound(o.Property)).Select(o => o.Option.LongName).Concat(BoundBy(c).Select(b => b.Option.Name))).Distinct()];

    /// <summary>The type that the parser fills; of such a type itself.</summary>
    public static Type TypeOf(Type verb)
    {
        var bound = Of(verb);
        if (bound.Count == 0 || verb.Assembly.IsDynamic) return verb;
        // Options come and go with what is registered, so they are part of the key. A module is not made for several threads.
        var key = (verb, string.Join(' ', bound.Select(o => o.Option.Name)));
        lock (Derived) return Derived.TryGetValue(key, out var type) ? type : Derived[key] = Derive(verb, bound);
    }

    /// <summary>A copy of the record with what was given on the command line.</summary>
    /// <exception cref="OnnxVizException">A value that an option cannot take.</exception>
    public static T Onto<T>(this VerbOptions verb, T record)
        where T : notnull
    {
        var names = OptionTable.Of(record.GetType()).Select(o => o.Name).ToHashSet();
        return OptionTable.With(record, verb.Given().Where(g => names.Contains(g.Name)));
    }

    /// <summary>Options of records that were given, by name, with their texts.</summary>
    public static IEnumerable<(string Name, string Text)> Given(this VerbOptions verb)
    {
        foreach (var property in verb.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (!IsBound(property)) continue;
            var name = property.GetCustomAttribute<CommandLine.OptionAttribute>()!.LongName;
            if (property.GetValue(verb) is string text) yield return (name, text);
            else if (property.GetValue(verb) is true) yield return (name, "true");
        }
    }

    /// <summary>Whether a verb takes the options of a record.</summary>
    public static bool Offers<T>(this VerbOptions verb) => OptionTable.Of(typeof(T)) is [var first, ..] && Of(verb.GetType()).Any(b => b.Option == first);

    /// <summary>Whether a property of a parsed verb came from a record.</summary>
    public static bool IsBound(PropertyInfo property) => property.DeclaringType!.Assembly.IsDynamic;

    /// <summary>The verb's class and those that it inherits from.</summary>
    private static IEnumerable<Type> Classes(Type verb)
    {
        for (var type = verb; type is not null && type != typeof(object); type = type.BaseType) yield return type;
    }

    private static IEnumerable<BoundOption> BoundBy(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(p => p.PropertyType == typeof(IEnumerable<BoundOption>))
            .SelectMany(p => (IEnumerable<BoundOption>)p.GetValue(null)!);

    private static Type Derive(Type verb, IReadOnlyList<BoundOption> options)
    {
        var type = Module.Value.DefineType($"{verb.Name}{Derived.Count}", TypeAttributes.Public | TypeAttributes.Sealed, verb);
        foreach (var bound in options.DistinctBy(o => o.Option.Name)) Add(type, bound);
        return type.CreateType();
    }

    private static void Add(TypeBuilder type, BoundOption bound)
    {
        var option = bound.Option;
        var isFlag = option.Type == typeof(bool);
        var of = isFlag ? typeof(bool) : typeof(string);
        var field = type.DefineField($"_{option.Property}", of, FieldAttributes.Private);
        var property = type.DefineProperty(option.Property, PropertyAttributes.None, of, null);
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;

        var get = type.DefineMethod($"get_{option.Property}", Accessor, of, null);
        var code = get.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        property.SetGetMethod(get);

        var set = type.DefineMethod($"set_{option.Property}", Accessor, null, [of]);
        code = set.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        property.SetSetMethod(set);

        var attribute = typeof(CommandLine.OptionAttribute);
        property.SetCustomAttribute(new CustomAttributeBuilder(
            attribute.GetConstructor([typeof(string)])!,
            [option.Name],
            [attribute.GetProperty("HelpText")!, attribute.GetProperty("MetaValue")!],
            [bound.Help, isFlag ? "" : option.Form]));
    }
}
