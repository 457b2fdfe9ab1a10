//! What travels: requests and answers of the REST API, problem codes and the endpoint table.
