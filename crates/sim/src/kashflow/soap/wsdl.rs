//! The WSDL, written from the tables of types and operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::message::{NAMESPACE, is_value};
use super::operations::OPERATIONS;
use super::schema::{Field, Kind, Type};

/// The WSDL of the service at `address`, for SOAP 1.1 and 1.2.
pub fn document(address: &str) -> String {
    let mut types: BTreeMap<&str, &Type> = BTreeMap::new();
    let mut arrays: BTreeMap<&str, &Type> = BTreeMap::new();
    let (mut elements, mut messages, mut port, mut soap, mut soap12) =
        (String::new(), String::new(), String::new(), String::new(), String::new());
    for operation in OPERATIONS {
        let name = operation.name;
        let mut fields = vec![super::schema::text("UserName"), super::schema::text("Password")];
        fields.extend(operation.args);
        let mut answer: Vec<(String, Kind)> =
            operation.result.map(|kind| (format!("{name}Result"), kind)).into_iter().collect();
        answer.extend([("Status".to_owned(), Kind::Text), ("StatusDetail".to_owned(), Kind::Text)]);
        for kind in fields.iter().map(|field| field.kind).chain(answer.iter().map(|(_, kind)| *kind)) {
            collect(kind, &mut types, &mut arrays);
        }
        let asked = fields.iter().map(|field| element(field.name, field.kind)).collect::<String>();
        let answered = answer.iter().map(|(name, kind)| element(name, *kind)).collect::<String>();
        let message = |name: &str, sequence: &str| {
            format!(
                "<s:element name=\"{name}\"><s:complexType><s:sequence>{sequence}</s:sequence></s:complexType></s:element>"
            )
        };
        elements += &message(name, &asked);
        elements += &message(&format!("{name}Response"), &answered);
        for (way, suffix) in [("In", ""), ("Out", "Response")] {
            let _ = write!(
                messages,
                "<wsdl:message name=\"{name}Soap{way}\"><wsdl:part name=\"parameters\" element=\"tns:{name}{suffix}\"/></wsdl:message>"
            );
        }
        let _ = write!(
            port,
            "<wsdl:operation name=\"{name}\"><wsdl:input message=\"tns:{name}SoapIn\"/><wsdl:output message=\"tns:{name}SoapOut\"/></wsdl:operation>"
        );
        for (out, prefix) in [(&mut soap, "soap"), (&mut soap12, "soap12")] {
            let _ = write!(
                out,
                "<wsdl:operation name=\"{name}\"><{prefix}:operation soapAction=\"{NAMESPACE}/{name}\" style=\"document\"/>\
                 <wsdl:input><{prefix}:body use=\"literal\"/></wsdl:input><wsdl:output><{prefix}:body use=\"literal\"/></wsdl:output></wsdl:operation>"
            );
        }
    }
    let types: String = types.values().map(|own| complex(own)).chain(arrays.values().map(|own| array(own))).collect();
    let any = "<s:complexType name=\"ArrayOfAnyType\"><s:sequence><s:element minOccurs=\"0\" maxOccurs=\"unbounded\" name=\"anyType\" nillable=\"true\"/></s:sequence></s:complexType>";
    let transport = "http://schemas.xmlsoap.org/soap/http";
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <wsdl:definitions xmlns:s=\"http://www.w3.org/2001/XMLSchema\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" \
         xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" xmlns:tns=\"{NAMESPACE}\" \
         xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" targetNamespace=\"{NAMESPACE}\">\
         <wsdl:types><s:schema elementFormDefault=\"qualified\" targetNamespace=\"{NAMESPACE}\">{elements}{types}{any}</s:schema></wsdl:types>\
         {messages}<wsdl:portType name=\"KashFlowAPISoap\">{port}</wsdl:portType>\
         <wsdl:binding name=\"KashFlowAPISoap\" type=\"tns:KashFlowAPISoap\"><soap:binding transport=\"{transport}\"/>{soap}</wsdl:binding>\
         <wsdl:binding name=\"KashFlowAPISoap12\" type=\"tns:KashFlowAPISoap\"><soap12:binding transport=\"{transport}\"/>{soap12}</wsdl:binding>\
         <wsdl:service name=\"KashFlowAPI\">\
         <wsdl:port name=\"KashFlowAPISoap\" binding=\"tns:KashFlowAPISoap\"><soap:address location=\"{address}\"/></wsdl:port>\
         <wsdl:port name=\"KashFlowAPISoap12\" binding=\"tns:KashFlowAPISoap12\"><soap12:address location=\"{address}\"/></wsdl:port>\
         </wsdl:service></wsdl:definitions>"
    )
}

fn collect(
    kind: Kind,
    types: &mut BTreeMap<&'static str, &'static Type>,
    arrays: &mut BTreeMap<&'static str, &'static Type>,
) {
    let of = match kind {
        Kind::One(of) | Kind::Any(of) => of,
        Kind::Many(of) => {
            arrays.insert(of.name, of);
            of
        }
        _ => return,
    };
    if types.insert(of.name, of).is_none() {
        of.fields.iter().for_each(|field: &Field| collect(field.kind, types, arrays));
    }
}

fn element(name: &str, kind: Kind) -> String {
    let least = i32::from(is_value(kind));
    format!("<s:element minOccurs=\"{least}\" maxOccurs=\"1\" name=\"{name}\" type=\"{}\"/>", type_of(kind))
}

fn type_of(kind: Kind) -> String {
    match kind {
        Kind::Text => "s:string".to_owned(),
        Kind::Int => "s:int".to_owned(),
        Kind::Dec => "s:decimal".to_owned(),
        Kind::Flag => "s:boolean".to_owned(),
        Kind::Moment => "s:dateTime".to_owned(),
        Kind::One(of) => format!("tns:{}", of.name),
        Kind::Many(of) => format!("tns:ArrayOf{}", of.name),
        Kind::Any(_) => "tns:ArrayOfAnyType".to_owned(),
    }
}

fn complex(own: &Type) -> String {
    let fields: String = own.fields.iter().map(|field| element(field.name, field.kind)).collect();
    format!("<s:complexType name=\"{}\"><s:sequence>{fields}</s:sequence></s:complexType>", own.name)
}

fn array(own: &Type) -> String {
    let name = own.name;
    format!(
        "<s:complexType name=\"ArrayOf{name}\"><s:sequence><s:element minOccurs=\"0\" maxOccurs=\"unbounded\" name=\"{name}\" nillable=\"true\" type=\"tns:{name}\"/></s:sequence></s:complexType>"
    )
}
