using System.Globalization;
using System.Text;
using System.Xml;

namespace OnnxViz.Cli.Results;

/// <param name="Name">What was checked.</param>
/// <param name="Failure">What differs; null for nothing.</param>
/// <param name="Error">Why it could not be checked; null where it could.</param>
/// <param name="Notes">What else is to be known.</param>
internal sealed record JUnitCase(string Name, string? Failure, string? Error, IReadOnlyList<string> Notes);

/// <summary>The results of checks in the format of JUnit's reports, which every CI system reads.</summary>
internal static class JUnitFile
{
    /// <param name="path">A file.</param>
    /// <param name="suite">What the checks are called together.</param>
    /// <param name="cases">The checks.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, string suite, IReadOnlyList<JUnitCase> cases)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", PlainText.Of(suite));
            xml.WriteAttributeString("tests", Number(cases.Count));
            xml.WriteAttributeString("failures", Number(cases.Count(c => c.Failure is not null)));
            xml.WriteAttributeString("errors", Number(cases.Count(c => c.Error is not null)));
            foreach (var one in cases)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", PlainText.Of(suite));
                xml.WriteAttributeString("name", PlainText.Of(one.Name));
                Part("failure", one.Failure);
                Part("error", one.Error);
                if (one.Notes.Count > 0) xml.WriteElementString("system-out", string.Join('\n', one.Notes.Select(PlainText.Of)));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();

            void Part(string element, string? text)
            {
                if (text is null) return;
                xml.WriteStartElement(element);
                xml.WriteAttributeString("message", PlainText.Of(text));
                xml.WriteEndElement();
            }
        }

        OutputFile.Write(path, bytes.ToArray());
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
