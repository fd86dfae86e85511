using System.Reflection;
using System.Reflection.Emit;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Tests.Support;

/// <summary>Which types the compiled code of a type names: in signatures, attributes, locals and every instruction.</summary>
internal static class TypeUses
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    /// <summary>Arrays, references and generic arguments are taken apart; a type may appear several times.</summary>
    public static IEnumerable<Type> Of(Type type) => Named(type).OfType<Type>().SelectMany(Parts);

    /// <summary>The texts in the code of a type: whole ones, and the pieces of interpolated ones.</summary>
    public static IEnumerable<string> Strings(Type type) =>
        from method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)).Append(type.TypeInitializer).OfType<MethodBase>()
        let code = method.GetMethodBody()?.GetILAsByteArray()
        where code is not null
        from operand in Operands(code)
        where operand.Operand == OperandType.InlineString
        select method.Module.ResolveString(BitConverter.ToInt32(code, operand.At));

    private static IEnumerable<Type?> Named(Type type)
    {
        yield return type.BaseType;
        foreach (var i in type.GetInterfaces()) yield return i;
        foreach (var a in type.CustomAttributes) yield return a.AttributeType;
        foreach (var field in type.GetFields(Own)) yield return field.FieldType;
        foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)))
        {
            yield return (method as MethodInfo)?.ReturnType;
            foreach (var p in method.GetParameters()) yield return p.ParameterType;
            foreach (var a in method.CustomAttributes) yield return a.AttributeType;
            if (method.GetMethodBody() is not { } body) continue;
            foreach (var local in body.LocalVariables) yield return local.LocalType;
            foreach (var clause in body.ExceptionHandlingClauses)
                if (clause.Flags == ExceptionHandlingClauseOptions.Clause) yield return clause.CatchType;
            foreach (var used in Instructions(method, body.GetILAsByteArray()!)) yield return used;
        }
    }

    private static IEnumerable<Type?> Instructions(MethodBase method, byte[] code)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var (operand, at) in Operands(code))
        {
            if (operand is not (OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)) continue;
            var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod);
            yield return member as Type ?? member!.DeclaringType;
            foreach (var argument in member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : []) yield return argument;
        }
    }

    /// <summary>The kinds of the instructions' operands, and where they lie.</summary>
    private static IEnumerable<(OperandType Operand, int At)> Operands(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            // Two-byte instructions start with FE.
            var instruction = OpCodesByValue[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += instruction.Size;
            yield return (instruction.OperandType, at);
            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }
}
